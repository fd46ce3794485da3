"""How often the stop rule certifies, and after how many labels, against a Clopper-Pearson bound that is looked at as often.

python bench/stop_rule.py
"""

from functools import cache

import numpy as np
from scipy.stats import beta

from ml.risk.stop_rule import ALPHA, Found, log_evidence, stop_rule

AUDITS, LABELS, FIRST_LOOK = 2000, 3000, 50
LOOKS = np.arange(1, LABELS + 1)
CASES = [(0.02, 0.02), (0.01, 0.02), (0.005, 0.02), (0.0, 0.02), (0.01, 0.01), (0.0025, 0.01)]


def main() -> None:
    print("| Wrong / target | Clopper-Pearson certifies | e-process certifies | median labels |\n|---|---|---|---|")
    for share, target in CASES:
        wrong = np.cumsum(np.random.default_rng(0).random((AUDITS, LABELS)) < share, axis=1)
        counts = np.minimum(np.arange(wrong.max() + 1)[:, None], LOOKS)
        naive = stops((beta.ppf(1 - ALPHA, counts + 1, np.maximum(LOOKS - counts, 1e-9)) <= target)[wrong, LOOKS - 1])
        honest = stops((log_evidence(LOOKS, counts, target) >= -np.log(ALPHA))[wrong, LOOKS - 1])
        shares = " | ".join(f"{np.isfinite(found).mean():.1%}" for found in (naive, honest))
        print(f"| {share:.2%} / {target:.0%} | {shares} | {np.median(naive):.0f} / {np.median(honest):.0f} |")
    overlooked()


def overlooked() -> None:
    """Auditors who overlook a part of the errors, measured on one error shown for twenty labels; looked at every hundred labels."""
    print("| Sensitivity | wrong / target | uncorrected certifies | corrected certifies |\n|---|---|---|---|")
    for sensitivity, share, target in [(0.9, 0.02, 0.02), (0.8, 0.02, 0.02), (0.95, 0.004, 0.02), (0.8, 0.004, 0.02)]:
        rng = np.random.default_rng(7)
        looks = np.arange(100, LABELS + 1, 100)
        wrong = np.cumsum(rng.random((AUDITS, LABELS)) < share * sensitivity, axis=1)[:, looks - 1]
        found = np.cumsum(rng.random((AUDITS, LABELS // 20)) < sensitivity, axis=1)[:, looks // 20 - 1]
        plain = log_evidence(looks, wrong, target) >= -np.log(ALPHA)
        corrected = np.zeros_like(plain)
        for audit, look in zip(*np.nonzero(plain), strict=True):  # the corrected rule asks for more
            corrected[audit, look] = _certified(
                int(looks[look]), int(wrong[audit, look]), int(found[audit, look]), target
            )
        print(
            f"| {sensitivity:.0%} | {share:.2%} / {target:.0%} | {plain.any(1).mean():.1%} | {corrected.any(1).mean():.1%} |"
        )


@cache
def _certified(seen: int, wrong: int, found: int, target: float) -> bool:
    return stop_rule(seen, wrong, target=target, auditors=[Found(seen // 20, found)]).enough


def stops(enough: np.ndarray) -> np.ndarray:
    """The label at which each audit stops, (AUDITS,); infinity where it never does."""
    enough[:, : FIRST_LOOK - 1] = False
    return np.where(enough.any(1), enough.argmax(1) + 1, np.inf)


if __name__ == "__main__":
    main()
