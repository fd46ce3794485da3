"""What the papers say that their methods give. Claims, none of them measured here: shown beside our own figures and marked so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """COCO AP in points of 100. `before` is the undistilled student, `after` the distilled one; where a paper gives means alone both are None.

    `gain` holds the least and the most that are claimed; they are equal where there is one figure.
    """

    method: str
    setting: str
    gain: tuple[float, float]
    before: float | None
    after: float | None
    paper: str


GDDA = "Grounding DINO-T from -L, GDDA1.5M"
MMKD = "MMKD, one run, no deviation"


def _step(method: str, setting: str, before: float, after: float, paper: str) -> Claim:
    gain = round(after - before, 1)
    return Claim(method, setting, (gain, gain), before, after, paper)


CLAIMS: tuple[Claim, ...] = (
    _step("cld", GDDA, 58.1, 58.9, MMKD),
    _step("cld", "Grounding DINO-T from -L, SODA10M", 52.3, 52.8, MMKD),
    _step("fgd", GDDA, 58.1, 57.8, MMKD),
    _step("pkd", GDDA, 58.1, 56.3, MMKD),
    _step("cwd", GDDA, 58.1, 56.1, MMKD),
    _step("freekd", GDDA, 58.1, 57.6, MMKD),
    _step("afd", GDDA, 58.1, 57.2, MMKD),
    _step("icl", GDDA, 58.1, 58.3, MMKD),
    _step("rpld", "YOLOX-Lite, 300 k manual labels to all pseudo-labels", 31.4, 38.9, "MMKD, logs"),
    Claim("aid", "one-stage, mean", (2.7, 2.7), None, None, "AID"),
    Claim("aid", "two-stage, mean", (2.1, 2.1), None, None, "AID"),
    Claim("gkd_bmfi", "one-stage, mean", (5.1, 5.1), None, None, "GKD-BMFI"),
    Claim("gkd_bmfi", "two-stage, mean", (3.8, 3.8), None, None, "GKD-BMFI"),
    Claim("clockdistill", "DETRs on KITTI and COCO", (2.2, 6.4), None, None, "CLoCKDistill"),
    _step("fgd", "RetinaNet-R50, COCO", 37.4, 40.7, "FGD"),
    _step("fgd", "YOLOX-m from -l, COCO", 45.9, 46.6, "FGD"),
    _step("freekd", "RetinaNet-R50, COCO", 37.4, 39.9, "FreeKD"),
    _step("pkd", "Faster R-CNN-R50, COCO", 38.4, 40.3, "PKD"),
    _step("cwd", "GFL class head, COCO", 40.2, 41.9, "CWD"),
)


def claims_of(method: str) -> list[Claim]:
    return [claim for claim in CLAIMS if claim.method == method]
