"""Which detection found which truth, at IoU 0.5 and a score threshold; and the threshold at which that goes best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ml.boxes import iou_matrix, xywh_to_xyxy

IOU = 0.5
NEAR_IOU = 0.1  # below, a box has nothing to do with a truth (Bolya et al., 2020)
Kind = Literal["right", "missed", "false", "confused", "mislocalised", "duplicate"]


@dataclass(frozen=True)
class Finding:
    """What became of a detection, or of a truth that none found. `truth` and `result` are COCO records; `iou` is that of the two."""

    kind: Kind
    image_id: int
    truth: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    iou: float = 0.0


def findings(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]], threshold: float) -> Iterator[Finding]:
    """The findings of every image, those from `threshold` on, by descending score; then its missed truths.

    The kinds are those of TIDE (Bolya et al., 2020): `confused` lies on a truth of another category, `mislocalised` near one of its own
    (IoU 0.1 to 0.5), `duplicate` on one that is found already, `false` on background. A truth that was confused or mislocalised is not
    missed too. Truths with `iscrowd`, and those of no category, take any number of detections in silence.
    """
    truths = _by_image(truth["annotations"])
    found = _by_image(result for result in results if result["score"] >= threshold)
    for image in truth["images"]:
        yield from _image(image["id"], truths.get(image["id"], []), found.get(image["id"], []))


def best_threshold(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> float:
    """The score from which on detections give the best F1 at IoU 0.5; 0.5 where nothing is right at any."""
    return best_f1(truth, results)[0]


def best_f1(truth: Mapping[str, Any], results: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """That score, and the F1 there."""
    free: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
    regions: dict[int, list[Mapping[str, Any]]] = {}
    for annotation in truth["annotations"]:
        if _ignored(annotation):
            regions.setdefault(annotation["image_id"], []).append(annotation)
        else:
            free.setdefault((annotation["image_id"], annotation["category_id"]), []).append(annotation)
    total = sum(len(truths) for truths in free.values())
    right = wrong = 0
    best, best_value = 0.5, 0.0
    for result in sorted(results, key=lambda result: -result["score"]):
        candidates = free.get((result["image_id"], result["category_id"]), [])
        place, overlap = _closest(result, candidates)
        if overlap >= IOU:
            candidates.pop(place)
            right += 1
        else:
            wrong += not _absorbed(result, regions.get(result["image_id"], []))
        if total + right + wrong and (value := 2 * right / (total + right + wrong)) > best_value:
            best, best_value = float(result["score"]), value
    return best, best_value


def _image(
    image_id: int, truths: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    free = [t for t in truths if not _ignored(t)]
    regions = [t for t in truths if _ignored(t)]
    taken: list[Mapping[str, Any]] = []
    touched: set[int] = set()
    left: list[Mapping[str, Any]] = []
    for result in sorted(results, key=lambda result: -result["score"]):
        own = [t for t in free if t["category_id"] == result["category_id"]]
        place, overlap = _closest(result, own)
        if overlap >= IOU:
            free.remove(own[place])
            taken.append(own[place])
            yield Finding("right", image_id, own[place], result, overlap)
        elif not _absorbed(result, regions):
            left.append(result)
    for result in left:  # only now is it known which truths nobody found
        finding = _wrong(image_id, result, free, taken)
        if finding.truth is not None:
            touched.add(id(finding.truth))
        yield finding
    yield from (Finding("missed", image_id, t, None) for t in free if id(t) not in touched)


def _wrong(
    image_id: int, result: Mapping[str, Any], free: Sequence[Mapping[str, Any]], taken: Sequence[Mapping[str, Any]]
) -> Finding:
    category = result["category_id"]
    questions: tuple[tuple[Kind, list[Mapping[str, Any]], float], ...] = (
        ("duplicate", [t for t in taken if t["category_id"] == category], IOU),
        ("confused", [t for t in (*free, *taken) if t["category_id"] != category], IOU),
        ("mislocalised", [t for t in free if t["category_id"] == category], NEAR_IOU),
    )
    for kind, truths, least in questions:
        place, overlap = _closest(result, truths)
        if overlap >= least:
            return Finding(kind, image_id, truths[place], result, overlap)
    return Finding("false", image_id, None, result)


def _closest(result: Mapping[str, Any], truths: Sequence[Mapping[str, Any]]) -> tuple[int, float]:
    """Place and IoU of the truth that overlaps most; (-1, 0) without any."""
    if not truths:
        return -1, 0.0
    overlaps = iou_matrix(xywh_to_xyxy([result["bbox"]]), xywh_to_xyxy([t["bbox"] for t in truths]))[0]
    place = int(overlaps.argmax())
    return place, float(overlaps[place])


def _absorbed(result: Mapping[str, Any], regions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether half of the detection lies in a region to ignore, as COCO counts them."""
    x, y, width, height = result["bbox"]
    for region in regions:
        if region["category_id"] not in (None, result["category_id"]):
            continue
        left, top, wide, high = region["bbox"]
        inner_x = min(x + width, left + wide) - max(x, left)
        inner_y = min(y + height, top + high) - max(y, top)
        if inner_x > 0 and inner_y > 0 and inner_x * inner_y >= IOU * width * height:
            return True
    return False


def _ignored(truth: Mapping[str, Any]) -> bool:
    return bool(truth.get("iscrowd")) or truth["category_id"] is None


def _by_image(records: Any) -> dict[int, list[Mapping[str, Any]]]:
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for record in records:
        groups.setdefault(record["image_id"], []).append(record)
    return groups
