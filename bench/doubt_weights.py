"""The weights of doubt and the risk of filled boxes, fitted: `python -m bench.doubt_weights --seen FILE [--judge FILE]`.

FILE is what `bench/collaboration.py --seen FILE` kept of drives that no figure is reported on (`--seed 9700`); `--judge` is of others.
The edge was wrong in a frame where the cloud mends more mistakes than in the middle frame: objects without a sure box of their group, and
sure boxes without an object. A filled box is right if it overlaps an object of its category by half that nothing surer took.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

from bench.collaboration import GROUPS, IDS, SURE, Seen, average_precision, replaced
from ml.between import Origin, known
from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH, Detection

RIDGE = 0.02
FITTED = ("unsure", "flicker", "small_dense", "novel_scene", "cipo_unsure")
Numbers = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seen", type=Path, required=True)
    parser.add_argument("--judge", type=Path)
    options = parser.parse_args()
    seen: Seen = pickle.loads(options.seen.read_bytes())
    signals, wrong = _signals(seen), _wrong(seen)
    bias, weights = _logistic(signals, wrong)
    print(json.dumps({"frames": len(wrong), "edge_wrong": float(wrong.mean()), "bias": bias, "weights": weights}))
    print(json.dumps({"risk": {origin: _risk(seen, origin) for origin in ("both", "one", "device", "cloud")}}))
    for name, told in (
        (("fitted on", seen), ("judged on", pickle.loads(options.judge.read_bytes()))) if options.judge else ()
    ):
        print(name, json.dumps(_judged(told, bias, weights)))


def _signals(seen: Seen) -> Numbers:
    return np.array([[frame.get(name, 0.0) for name in FITTED] for frame in seen.signals])


def _wrong(seen: Seen) -> Numbers:
    """Of each frame whether the cloud mends more there than in the middle one: a weak edge is wrong in every frame, in some more than in others."""
    mended = np.array([
        _mistakes(objects, edge) - _mistakes(objects, cloud)
        for objects, edge, cloud in zip(_objects(seen), seen.edge, seen.cloud, strict=True)
    ])  # fmt: skip
    return (mended > np.median(mended)).astype(float)


def _objects(seen: Seen) -> list[list[tuple[str, BoxXYWH]]]:
    names = {place: name for name, place in IDS.items()}
    frames: list[list[tuple[str, BoxXYWH]]] = [[] for _ in seen.edge]
    for box in seen.truth["annotations"]:
        if not box.get("iscrowd"):
            frames[box["image_id"] - 1].append((names[box["category_id"]], tuple(box["bbox"])))
    return frames


def _mistakes(objects: Sequence[tuple[str, BoxXYWH]], found: Sequence[Detection]) -> int:
    sure = [one for one in found if one.score >= SURE]
    right = sum(_right([(GROUPS[name], box) for name, box in objects], [(GROUPS[o.category], o) for o in sure]))
    return len(objects) + len(sure) - 2 * right


def _right(objects: Sequence[tuple[str, BoxXYWH]], found: Sequence[tuple[str, Detection]]) -> list[bool]:
    """Of each box, the surest first in taking an object; in the order given."""
    free, right = set(range(len(objects))), [False] * len(found)
    for place in sorted(range(len(found)), key=lambda one: -found[one][1].score):
        kind, one = found[place]
        near = [other for other in free if objects[other][0] == kind]
        if not near:
            continue
        overlaps = iou_matrix(xywh_to_xyxy([one.box_xywh]), xywh_to_xyxy([objects[other][1] for other in near]))[0]
        if overlaps.max() >= 0.5:
            free.remove(near[int(overlaps.argmax())])
            right[place] = True
    return right


def _logistic(signals: Numbers, wrong: Numbers) -> tuple[float, dict[str, float]]:
    """Bias and weights; a signal of doubt may say nothing, but never calms."""

    def loss(values: Numbers) -> float:
        margin = values[0] + signals @ values[1:]
        return float(np.mean(np.logaddexp(0, margin) - wrong * margin) + RIDGE * np.sum(values[1:] ** 2) / 2)

    count = signals.shape[1]
    found = minimize(loss, np.zeros(count + 1), method="L-BFGS-B", bounds=[(None, None)] + [(0, None)] * count).x
    weights = dict(zip(FITTED, (round(float(one), 2) for one in found[1:]), strict=True))
    return round(float(found[0]), 2), weights


def _risk(seen: Seen, origin: Origin) -> dict[str, float]:
    """Share of wrong boxes among those of an origin at even steps of one second, as a logistic of the score: risk = 1 / (1 + exp(a + b * score))."""
    scores, right = [], []
    for drive in seen.drives:
        places = range(0, drive.stop - drive.start, 10)
        answers = {place: [one for one in seen.cloud[drive][place] if not one.candidate] for place in places}
        frames = known(seen.times_ms[drive], seen.edge[drive], answers, GROUPS)
        for objects, frame in zip(_objects(seen)[drive], frames, strict=True):
            for one, good in zip(
                frame, _right(objects, [(o.detection.category, o.detection) for o in frame]), strict=True
            ):
                if one.origin == origin:
                    scores.append(one.detection.score)
                    right.append(float(good))
    x, y = np.array(scores), np.array(right)

    def loss(values: Numbers) -> float:
        margin = values[0] + values[1] * x
        return float(np.mean(np.logaddexp(0, margin) - y * margin) + 1e-3 * values[1] ** 2)

    a, b = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(None, None), (0, None)]).x
    return {"boxes": len(x), "right": round(float(y.mean()), 3), "a": round(float(a), 2), "b": round(float(b), 2)}


def _judged(seen: Seen, bias: float, weights: dict[str, float]) -> dict[str, Any]:
    """The hand's weights or those in force, and the fitted ones: how well they rank, and AP with the best fifth replaced."""
    ways = {"kept": np.asarray(seen.doubt), "fitted": bias + _signals(seen) @ np.array([weights[n] for n in FITTED])}
    wrong, found = _wrong(seen), {}
    for name, value in ways.items():
        sent = np.zeros(len(value), bool)
        sent[np.argsort(-value, kind="stable")[: round(0.2 * len(value))]] = True
        found[name] = {
            "auc": round(float(_auc(wrong, value)), 3),
            "ap_at_20_percent": round(average_precision(seen, replaced(seen, sent)), 4),
        }
    return {"edge_wrong": round(float(wrong.mean()), 3), **found}


def _auc(wrong: Numbers, value: Numbers) -> float:
    """Chance that a frame where the edge was wrong ranks above another."""
    bad = int(wrong.sum())
    return float((rankdata(value)[wrong == 1].sum() - bad * (bad + 1) / 2) / (bad * (len(wrong) - bad)))


if __name__ == "__main__":
    main()
