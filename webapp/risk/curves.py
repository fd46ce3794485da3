"""From audited labels to audit curves: what each way to rank would have said of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ml.evaluate.audit_curve import audit_curves
from ml.evaluate.objectlab import label_doubts
from ml.schemas import Detection
from webapp.labels.models import Box
from webapp.risk.outcomes import Outcome

DRAWS = 300  # of the bootstrap
MANY_FRAMES = 500


def curves_of(found: Sequence[Outcome]) -> dict[str, Any]:
    """As `audit_curves`, by frames; random is the diagonal. `risk` and `priority` are those that the labels were audited by."""
    known = [outcome.known for outcome in found]
    risk = [row["risk"] or 0.0 for row in known]
    doubts = {
        "risk": risk,
        "priority": [r * row["severity"] for r, row in zip(risk, known, strict=True)],
        "confidence": [1 - (row["score"] or 0.0) for row in known],
        "margin": [_margin(row["probs"]) for row in known],
        "entropy": [_entropy(row["probs"]) for row in known],
    }
    if (objectlab := _objectlab(found)) is not None:
        doubts["objectlab"] = objectlab
    wrong = [outcome.wrong for outcome in found]
    return audit_curves(doubts, wrong, [row["frame_id"] for row in known], draws=DRAWS)


def _margin(probs: dict[str, float]) -> float:
    """1 - (best - second)."""
    best, second, *_ = sorted([*probs.values(), 0.0, 0.0], reverse=True)
    return 1 - (best - second)


def _entropy(probs: dict[str, float]) -> float:
    """Of the probabilities made to sum to 1, as a share of the most that it can be."""
    values = np.array([value for value in probs.values() if value > 0])
    if len(probs) < 2 or not values.size:
        return 0.0
    share = values / values.sum()
    return float(-(share * np.log(share)).sum() / np.log(len(probs)))


def _objectlab(found: Sequence[Outcome]) -> list[float] | None:
    """Against what other models saw in the frames; None where none has looked at any: labels tell nothing against themselves."""
    by_frame: dict[int, list[int]] = {}
    for place, outcome in enumerate(found):
        by_frame.setdefault(outcome.known["frame_id"], []).append(place)
    doubts = [0.0] * len(found)
    predictions = _predictions(list(by_frame))
    models = {outcome.known["model_version_id"] for outcome in found}
    if not any(seen.keys() - models for seen in predictions.values()) and len(models) < 2:
        return None
    for frame, places in by_frame.items():
        model = found[places[0]].known["model_version_id"]
        seen = predictions.get(frame, {})
        others = [box for other, boxes in seen.items() if other != model for box in boxes]
        labels = [Detection(found[k].box_xywh, found[k].known["category__name"], 1.0) for k in places]
        side = float(max(found[places[0]].known["frame__width"], found[places[0]].known["frame__height"]))
        for place, doubt in zip(places, label_doubts(labels, others, side), strict=True):
            doubts[place] = round(float(doubt), 6)  # that of labels which nothing speaks against is equal
    return doubts


def _predictions(frames: Sequence[int]) -> dict[int, dict[int, list[Detection]]]:
    """By frame and model, what models predict there."""
    found: dict[int, dict[int, list[Detection]]] = {}
    columns = ("frame_id", "model_version_id", "x", "y", "width", "height", "category__name", "score")
    for start in range(0, len(frames), MANY_FRAMES):
        boxes = Box.objects.filter(frame__in=frames[start : start + MANY_FRAMES], model_version__isnull=False)
        for frame, model, x, y, width, height, category, score in boxes.order_by("id").values_list(*columns):
            seen = found.setdefault(frame, {}).setdefault(model, [])
            seen.append(Detection((x, y, width, height), category or "", score or 0.0))
    return found
