"""What an exported network is worth: AP on frames with truth, thresholds from them, and what was lost on the way, by category."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml.errors import TooMuchLost
from ml.evaluate.curves import best_threshold
from ml.evaluate.detection import evaluate
from ml.export.camera import nv12_of, rgb_of
from ml.export.frames import Frames, Pixels
from ml.export.runner import Runner
from ml.schemas import EvalReport

LOWEST_SCORE = 0.01
FEWEST_TRUTHS = 30  # of a category whose own loss is judged; with fewer it is noise
DEFAULT_THRESHOLD = 0.3
Results = list[dict[str, Any]]


@dataclass(frozen=True)
class Limits:
    """Most AP, 0 to 1, that may be lost over all categories, and by any one of them."""

    overall: float = 0.01
    category: float = 0.03


def results_on(runner: Runner, frames: Frames, seen: Callable[[Pixels], Pixels] = lambda pixels: pixels) -> Results:
    """COCO results from `LOWEST_SCORE` on, of the categories that the truth has. `seen` is what happens to a frame before."""
    ids = {category["name"]: category["id"] for category in frames.coco["categories"]}
    return [
        {
            "image_id": image["id"],
            "category_id": ids[found.category],
            "bbox": list(found.box_xywh),
            "score": found.score,
        }
        for image in frames.images
        for found in runner.detect(seen(frames.load(image)), floor=LOWEST_SCORE)
        if found.category in ids
    ]


def through_camera(frame: Pixels) -> Pixels:
    """A frame of even sides as it arrives in 4:2:0."""
    return rgb_of(nv12_of(frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]))


def thresholds_of(frames: Frames, results: Results, names: Sequence[str]) -> dict[str, float]:
    """The score with the best F1 of each category that has truths enough; a default for the others."""
    ids = {category["name"]: category["id"] for category in frames.coco["categories"]}
    found = {}
    for name in names:
        of_it = [a for a in frames.coco["annotations"] if a["category_id"] == ids.get(name)]
        predicted = [result for result in results if result["category_id"] == ids.get(name)]
        enough = len(of_it) >= FEWEST_TRUTHS and predicted
        category = [{"id": ids.get(name), "name": name}]
        truth = {**frames.coco, "annotations": of_it, "categories": category}
        found[name] = round(best_threshold(truth, predicted), 3) if enough else DEFAULT_THRESHOLD
    return found


def judged(frames: Frames, results: Results) -> EvalReport:
    return evaluate(frames.coco, results)


def loss(before: EvalReport, after: EvalReport, frames: Frames) -> dict[str, Any]:
    """AP before, after and lost, over all and by category; `judged` says whether there were truths enough for its own limit."""
    names = {category["id"]: category["name"] for category in frames.coco["categories"]}
    truths = dict.fromkeys(names.values(), 0)
    for annotation in frames.coco["annotations"]:
        if not annotation["iscrowd"]:
            truths[names[annotation["category_id"]]] += 1
    rows = {
        name: {**_row(ap, after.per_category[name]), "truths": truths[name], "judged": truths[name] >= FEWEST_TRUTHS}
        for name, ap in before.per_category.items()
        if ap >= 0
    }
    return {**_row(before.ap, after.ap), "frames": before.frames, "categories": rows}


def refuse_above(limits: Limits, lost: Mapping[str, Any], what: str) -> None:
    """Raises: TooMuchLost naming what was lost where."""
    problems = []
    if lost["lost"] > limits.overall:
        problems.append(f"{lost['lost']:.3f} AP overall (limit {limits.overall})")
    for name, row in lost["categories"].items():
        if row["judged"] and row["lost"] > limits.category:
            problems.append(f"{row['lost']:.3f} AP of {name} (limit {limits.category})")
    if problems:
        raise TooMuchLost(
            f"{what} lose {', '.join(problems)} on {lost['frames']} frames.",
            hint="Calibrate on more frames, raise the limit, or pack without 8 bits.",
            report=dict(lost),
        )


def _row(before: float, after: float) -> dict[str, float]:
    return {"before": round(before, 5), "after": round(after, 5), "lost": round(before - after, 5)}
