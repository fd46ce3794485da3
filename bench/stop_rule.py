"""How often the stop rule certifies, and after how many labels, against a Clopper-Pearson bound that is looked at as often.

python bench/stop_rule.py
"""

import numpy as np
from scipy.stats import beta

from ml.risk.stop_rule import ALPHA, log_evidence

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


def stops(enough: np.ndarray) -> np.ndarray:
    """The label at which each audit stops, (AUDITS,); infinity where it never does."""
    enough[:, : FIRST_LOOK - 1] = False
    return np.where(enough.any(1), enough.argmax(1) + 1, np.inf)


if __name__ == "__main__":
    main()
