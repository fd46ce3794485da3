"""What certified automatic acceptance is worth: `python bench/auto_accept.py --json`. Share accepted unseen, and how often a promise is broken.

The risk is fitted on one set of rendered drives and judged on another. Each of the resamples draws the judged labels' audit anew: a random sample is
decided by their truth, slices are certified from it, and the labels that nobody drew are the ones accepted. A promise is broken where more than
alpha of a certified slice of the whole set are wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from bench.audit_curve import Audit, judged
from bench.audit_curve_data import rendered_drives
from ml.risk.auto_accept import DrawnRisk, certify
from ml.risk.calibrate import fit
from ml.taxonomies import GDDA13

DELTA = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("var/bench-audit-curve"))
    parser.add_argument(
        "--fit", type=int, nargs=2, default=(900, 904), help="seeds of the drives that the risk is fitted on"
    )
    parser.add_argument("--judge", type=int, nargs=2, default=(930, 934))
    parser.add_argument("--alpha", type=float, default=0.01)
    parser.add_argument(
        "--labels", type=int, default=20_000, help="of the judged set, drawn from its drives with replacement"
    )
    parser.add_argument("--samples", type=int, nargs="+", default=(1000, 2000, 4000))
    parser.add_argument("--resamples", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    fitted, unseen = (
        judged(rendered_drives(options.cache, range(*seeds)), GDDA13) for seeds in (options.fit, options.judge)
    )
    risks = fit(fitted.labels).risks(unseen.labels)
    report = [resampled(unseen, risks, size, options) for size in options.samples]
    for row in report:
        print(row)
    if options.json:
        print(json.dumps(report))


def resampled(audit: Audit, risks: np.ndarray, size: int, options: argparse.Namespace) -> dict[str, float]:
    """Over all resamples: the share of the labels that are accepted, and of `EASY`, named by hand before any result was seen;
    and the share of resamples and of certified slices with a broken promise."""
    rng = np.random.default_rng(size)
    categories = np.array([one.category for one in audit.detections])
    accepted, easy, broken_any, slices, broken = [], [], 0, 0, 0
    for _ in range(options.resamples):
        rows = rng.integers(0, len(risks), options.labels)
        wrong, risk, category = audit.wrong[rows] > 0, risks[rows], categories[rows]
        taken, hit = np.zeros(options.labels, bool), False
        for name in np.unique(category[:size]):
            drawn = np.flatnonzero(category[:size] == name)  # rows are in random order already
            found = certify([DrawnRisk(risk[k], bool(wrong[k])) for k in drawn], alpha=options.alpha, delta=DELTA)
            if found is None:
                continue
            slice_ = (category == name) & (risk <= found.threshold)
            share = true_share(audit, risks, name, found.threshold)
            slices, broken, hit = slices + 1, broken + (share > options.alpha), hit or share > options.alpha
            taken |= slice_
        taken[:size] = False
        accepted.append(taken[size:].mean())
        easy.append(taken[size:][np.isin(category[size:], EASY)].mean())
        broken_any += hit
    return {
        "drawn": size,
        "accepted": round(float(np.mean(accepted)), 3),
        "accepted_of_easy": round(float(np.mean(easy)), 3),
        "slices": round(slices / options.resamples, 2),
        "slices_broken": round(broken / max(slices, 1), 4),
        "resamples_broken": round(broken_any / options.resamples, 4),
    }


EASY = ("car", "car_reg", "car_front")


def true_share(audit: Audit, risks: np.ndarray, name: str, threshold: float) -> float:
    """Of the labels that the resamples are drawn from."""
    held = np.array([one.category == name for one in audit.detections]) & (risks <= threshold)
    return float(audit.wrong[held].mean())


if __name__ == "__main__":
    main()
