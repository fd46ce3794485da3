"""Vectors of frames and labels: in parts, each a file of the store, and the nearest of them to one. Exact: every vector is compared."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeAlias

import numpy as np
from django.db.models import Count, Max, Sum
from numpy.typing import NDArray

from webapp.accounts.models import Workspace
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.explore.asked import FRAMES
from webapp.explore.gallery import NOT_TAKEN_AWAY
from webapp.explore.models import FeaturePart
from webapp.explore.packs import Pack, pack_of
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box

MODEL = "bundled:gdino-nano"
PART = 256  # frames
FEW_PARTS = 16  # are read as they are
Ids: TypeAlias = NDArray[np.int64]
Vectors: TypeAlias = NDArray[np.float16]
NAMES = {FRAMES: "frame", "crops": "label"}


@dataclass(frozen=True)
class Made:
    """The content of a part's file: ids and vectors, row by row."""

    frame_ids: Ids
    frame_vectors: Vectors
    label_ids: Ids
    label_vectors: Vectors


@dataclass(frozen=True)
class Stretch:
    """Frames of a drive whose vectors are missing or out of date, and what their labels are now."""

    frames: tuple[int, ...]
    labels: int
    newest_label: int


def labels_of(frame_ids: Sequence[int]) -> Any:
    """The labels that have vectors."""
    return Box.objects.filter(frame__in=frame_ids, category__isnull=False, state__in=NOT_TAKEN_AWAY)


def stretches_due(drive: Drive) -> Iterator[Stretch]:
    """Part by part: those whose labels changed since, and frames that came after the last one. Nothing, once all are made."""
    ids = list(Frame.objects.filter(drive=drive).order_by("id").values_list("id", flat=True))
    known = {part.first_frame: part for part in FeaturePart.objects.filter(drive=drive, model=MODEL)}
    for start in range(0, len(ids), PART):
        frames = tuple(ids[start : start + PART])
        now = labels_of(frames).aggregate(labels=Count("id"), newest=Max("id"))
        part = known.get(frames[0])
        stamp = (len(frames), now["labels"], now["newest"] or 0)
        if part is None or (part.frames, part.labels, part.newest_label) != stamp:
            yield Stretch(frames, now["labels"], now["newest"] or 0)


def nearest(
    workspace: Workspace, kind: str, vector: NDArray[np.float32], *, count: int, drive: int | None = None
) -> list[tuple[int, float]]:
    """The (id, cosine) of the `count` frames or labels most like this vector, the likest first: of many parts from one file of all, of few part by part."""
    name = NAMES[kind]
    parts = _parts(workspace)
    keys = list(parts.values_list("key", flat=True))
    if drive is None and len(keys) > FEW_PARTS:
        return _nearest_in(
            pack_of(f"{workspace.id}-{name}", keys, lambda: _mean(parts, name), _reader(name)), vector, count
        )
    mean = _mean(parts, name)
    wanted = _centred(vector[None].astype(np.float32), mean)[0]
    best_ids, best = np.empty(0, np.int64), np.empty(0, np.float32)
    for key in parts.filter(drive=drive).values_list("key", flat=True) if drive else keys:
        ids, vectors = _read(key, name)
        likeness = _centred(vectors.astype(np.float32), mean) @ wanted
        best_ids, best = np.concatenate([best_ids, ids]), np.concatenate([best, likeness])
        if len(best) > count:
            top = np.argpartition(-best, count)[:count]
            best_ids, best = best_ids[top], best[top]
    return _ranked(best_ids, best)


def _nearest_in(pack: Pack, vector: NDArray[np.float32], count: int) -> list[tuple[int, float]]:
    likeness = pack.rows @ _centred(vector[None].astype(np.float32), pack.mean)[0]
    top = np.argpartition(-likeness, count)[:count] if len(likeness) > count else np.arange(len(likeness))
    return _ranked(pack.ids[top], likeness[top])


def _ranked(ids: Ids, likeness: NDArray[np.float32]) -> list[tuple[int, float]]:
    order = np.lexsort((ids, -likeness))
    return list(zip(ids[order].tolist(), likeness[order].tolist(), strict=True))


def _reader(name: str) -> Callable[[str, NDArray[np.float32]], tuple[Ids, NDArray[np.float32]]]:
    def read(key: str, mean: NDArray[np.float32]) -> tuple[Ids, NDArray[np.float32]]:
        ids, vectors = _read(key, name)
        return ids, _centred(vectors.astype(np.float32), mean) if len(ids) else np.empty((0, 1), np.float32)

    return read


def vector_of(workspace: Workspace, kind: str, *, frame: Frame, id: int) -> NDArray[np.float32]:
    """The vector of a frame, or of a label in it. Raises: Conflict `not_indexed`."""
    parts = _parts(workspace).filter(drive=frame.drive_id, first_frame__lte=frame.id, last_frame__gte=frame.id)
    for key in parts.values_list("key", flat=True):
        ids, vectors = _read(key, NAMES[kind])
        if len(place := np.flatnonzero(ids == id)):
            found: NDArray[np.float32] = vectors[place[0]].astype(np.float32)
            return found
    raise Conflict("not_indexed", "This has no features yet: let the drive be looked through for similar pictures.")


def coverage(workspace: Workspace) -> dict[str, int]:
    """How many frames and labels have vectors."""
    found = _parts(workspace).aggregate(frames=Sum("frames"), labels=Sum("labels"))
    return {name: value or 0 for name, value in found.items()}


def packed(made: Made) -> bytes:
    file = BytesIO()
    np.savez(file, **vars(made))
    return file.getvalue()


def mean_of(vectors: Vectors) -> list[float]:
    mean: list[float] = vectors.astype(np.float32).mean(0).tolist() if len(vectors) else []
    return mean


def _parts(workspace: Workspace) -> Any:
    return FeaturePart.objects.filter(drive__workspace=workspace, model=MODEL).order_by("id")


def _read(key: str, name: str) -> tuple[Ids, Vectors]:
    with storage.open_key(key) as file, np.load(file) as arrays:
        return arrays[f"{name}_ids"], arrays[f"{name}_vectors"]


def _mean(parts: Any, name: str) -> NDArray[np.float32]:
    rows = [(mean, n) for mean, n in parts.values_list(f"{name}_mean", f"{name}s") if mean]
    if not rows:
        return np.zeros(1, np.float32)
    means, counts = zip(*rows, strict=True)
    mean: NDArray[np.float32] = np.average(np.array(means, np.float32), axis=0, weights=counts).astype(np.float32)
    return mean


def _centred(rows: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = rows - mean
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    centred: NDArray[np.float32] = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
    return centred
