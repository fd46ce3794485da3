"""What went wrong, and where: five kinds of errors, the rows behind them, and the frames that hold the costliest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.evaluate.matching import IOU, ImageMatches, Record

NEAR_IOU = 0.1  # below, a box has nothing to do with a truth (Bolya et al., 2020)
Kind = Literal["missed", "false", "confused", "mislocalised", "duplicate"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COSTS: Mapping[Kind, float] = {"missed": 1.0, "false": 1.0, "confused": 1.0, "mislocalised": 0.5, "duplicate": 0.5}
MOST_FRAMES, MOST_ERRORS = 50, 2000
SURE_OF_ROOM = MOST_ERRORS // len(KINDS)  # rows that each kind may fill before the others crowd it out


@dataclass(frozen=True)
class DetectionError:
    """`result` is the detection at fault, None where one is missing; `truth` is what it is about, None on background."""

    kind: Kind
    image_id: int
    truth: Record | None
    result: Record | None
    iou: float = 0.0


def errors_of(matches: Sequence[ImageMatches]) -> list[DetectionError]:
    """The errors of every image, after the kinds of TIDE (Bolya et al., ECCV 2020, arXiv 2008.08115).

    A detection that found no truth is the first of these that fits:
    `duplicate`: on a truth of its category that a better one found (IoU >= 0.5);
    `confused`: on a truth of another category (>= 0.5);
    `mislocalised`: near a truth of its category (0.1 to 0.5);
    `false`: all others, TIDE's "background" and "both" in one.
    A truth that none found is `missed`, unless a confused or mislocalised detection is about it.
    """
    return [error for image in matches for error in _errors(image)]


def error_counts(errors: Sequence[DetectionError]) -> dict[str, int]:
    """Of every kind, also of those that did not occur."""
    counts = Counter(error.kind for error in errors)
    return {kind: counts[kind] for kind in KINDS}


def error_rows(errors: Sequence[DetectionError], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """At most MOST_ERRORS, the surest first, missed truths behind them from large to small.

    Each kind keeps its SURE_OF_ROOM first rows, so that many false alarms never push the missed out of sight.
    """
    ranked = sorted(errors, key=_rank)
    seen: Counter[str] = Counter()
    first: list[DetectionError] = []
    rest: list[DetectionError] = []
    for error in ranked:
        (first if seen[error.kind] < SURE_OF_ROOM else rest).append(error)
        seen[error.kind] += 1
    kept = [*first, *rest][:MOST_ERRORS]
    return [_row(error, names) for error in sorted(kept, key=_rank)]


def worst_frames(errors: Sequence[DetectionError], file_names: Mapping[int, str]) -> list[dict[str, Any]]:
    """The MOST_FRAMES frames whose errors cost most: 1 each, 1/2 where the object is found and only its box is wrong (COSTS)."""
    kinds: dict[int, Counter[Kind]] = {}
    for error in errors:
        kinds.setdefault(error.image_id, Counter())[error.kind] += 1
    rows: list[dict[str, Any]] = [
        {
            "image_id": id,
            "file_name": file_names[id],
            "cost": sum(COSTS[kind] * number for kind, number in counts.items()),
            **{kind: counts[kind] for kind in KINDS},
        }
        for id, counts in kinds.items()
    ]
    return sorted(rows, key=lambda row: (-row["cost"], row["image_id"]))[:MOST_FRAMES]


def _errors(image: ImageMatches) -> Iterator[DetectionError]:
    truths = [*image.missing, *(truth for truth, _ in image.right)]
    missing = np.arange(len(truths)) < len(image.missing)
    overlaps = iou_matrix(_corners(image.wrong), _corners(truths))  # (W, T)
    about: set[int] = set()
    for result, overlap in zip(image.wrong, overlaps, strict=True):
        kind, place = _kind(result, overlap, truths, missing)
        if place is None:
            yield DetectionError(kind, image.image_id, None, result)
        else:
            about.add(place)
            yield DetectionError(kind, image.image_id, truths[place], result, float(overlap[place]))
    for place, truth in enumerate(image.missing):
        if place not in about:
            yield DetectionError("missed", image.image_id, truth, None)


def _kind(
    result: Record, overlap: npt.NDArray[np.float64], truths: Sequence[Record], missing: npt.NDArray[np.bool_]
) -> tuple[Kind, int | None]:
    """The first kind that fits, and the place of the truth that it is about; one that is still missing goes before one that is found."""
    own = np.array([truth["category_id"] == result["category_id"] for truth in truths], bool)
    questions: tuple[tuple[Kind, npt.NDArray[np.bool_], float], ...] = (
        ("duplicate", own & ~missing, IOU),
        ("confused", ~own & missing, IOU),
        ("confused", ~own & ~missing, IOU),
        ("mislocalised", own & missing, NEAR_IOU),
        ("mislocalised", own & ~missing, NEAR_IOU),
    )
    for kind, asked, least in questions:
        fits = asked & (overlap >= least)
        if fits.any():
            return kind, int(np.where(fits, overlap, -1.0).argmax())
    return "false", None


def _corners(records: Sequence[Record]) -> npt.NDArray[np.float64]:
    return xywh_to_xyxy([record["bbox"] for record in records])


def _rank(error: DetectionError) -> tuple[Any, ...]:
    width, height = (error.result or error.truth or {})["bbox"][2:]
    score = error.result["score"] if error.result else -1.0
    return -score, -width * height, error.image_id, error.kind, list((error.result or error.truth or {})["bbox"])


def _row(error: DetectionError, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "image_id": error.image_id,
        "kind": error.kind,
        "category": names[error.truth["category_id"]] if error.truth else None,
        "predicted": names[error.result["category_id"]] if error.result else None,
        "score": round(float(error.result["score"]), 4) if error.result else None,
        "iou": round(error.iou, 4),
        "box_xywh": [float(value) for value in (error.result or error.truth or {})["bbox"]],
    }
