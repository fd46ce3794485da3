"""How what a question takes is spread: over all of it where it is little, over frames drawn by chance where it is much, so that no count reads the labels' table.

Each histogram leaves its own range out, so that a brush can be widened, and heeds all others.
"""

import random
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Max, Min
from numpy.typing import NDArray

from webapp.accounts.models import User, Workspace
from webapp.explore.asked import CROPS, RANGES, Asked
from webapp.explore.matching import boxes_of_frames, frames_matching
from webapp.footage.models import Drive, Frame
from webapp.labels.shown import is_shown

FRAMES_DRAWN = {
    "frames": 1_500,
    "crops": 300,
}  # 300 frames are some 3,600 labels: a tenth of them is known to one in a hundred
REMEMBERED_S = 30
SEED = 17  # the same draw for the same footage: numbers that do not jump while one brushes
SHARES = np.linspace(0, 1, 21)
SIDES = np.array([0, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024, 4096], dtype=float)
EDGES = {"risk": SHARES, "score": SHARES, "side": SIDES, "hour": np.arange(25.0)}
UNKNOWN = np.nan


@dataclass(frozen=True)
class Drawn:
    """Columns of what was read, and how many rows each of them stands for."""

    columns: dict[str, NDArray[np.float64]]
    names: dict[str, list[Any]]
    times: float


def histograms(workspace: Workspace, user: User, asked: Asked) -> dict[str, Any]:
    drawn = _known(workspace, user, asked)
    inside = {name: _inside(drawn.columns[name], *asked.range_of(name), name) for name in drawn.columns}
    all_inside = np.logical_and.reduce(list(inside.values())) if inside else np.zeros(0, dtype=bool)
    found = []
    for name, values in drawn.columns.items():
        others = [mask for other, mask in inside.items() if other != name]
        kept = np.logical_and.reduce(others) if others else np.ones(len(values), dtype=bool)
        counts, _ = np.histogram(np.clip(values[kept & ~np.isnan(values)], None, EDGES[name][-1]), EDGES[name])
        found.append({"name": name, "edges": EDGES[name].tolist(), "counts": (counts * drawn.times).round().tolist()})
    count = round(int(all_inside.sum()) * drawn.times)
    groups = {name: _counted(values, all_inside, drawn.times) for name, values in drawn.names.items()}
    return {"count": count, "exact": drawn.times == 1, "read": len(all_inside), "histograms": found, **groups}


def _known(workspace: Workspace, user: User, asked: Asked) -> Drawn:
    """What was read by chance serves for half a minute of brushing: only the ranges change, and they are looked at afterwards."""
    asked = asked.without_ranges(*(RANGES if asked.kind == CROPS else ("risk", "hour")))
    name = f"explore-drawn:{workspace.id}:{user.id}:{sha256(repr(asked).encode()).hexdigest()}"
    drawn: Drawn | None = cache.get(name)
    if drawn is None:
        drawn = _drawn(workspace, user, asked)
        if drawn.times != 1:
            cache.set(name, drawn, timeout=REMEMBERED_S)
    return drawn


def _drawn(workspace: Workspace, user: User, asked: Asked) -> Drawn:
    ids, times = _chance(workspace, asked)
    drives = Drive.objects.filter(workspace=workspace).values_list("id", "captured_at")
    hours = {id: at.hour if at else None for id, at in drives}
    if asked.kind == CROPS:
        rows = _labels_in(ids, workspace, user, asked)
        risk, score, width, height, drive, category, state = zip(*rows, strict=True) if rows else ((),) * 7
        columns = {"risk": _floats(risk), "score": _floats(score), "side": np.sqrt(_floats(width) * _floats(height))}
        names = {"categories": list(category), "states": list(state)}
    else:
        # What it says about labels stays: a frame has no one score or side of its own.
        frames = frames_matching(workspace, asked, user)
        frames = frames if ids is None else frames.filter(id__in=ids)
        found = list(frames.values_list("risk", "drive", "state"))
        risk, drive, state = zip(*found, strict=True) if found else ((),) * 3
        columns = {"risk": _floats(risk)}
        names = {"categories": [], "states": list(state)}
    columns["hour"] = _floats([hours.get(id) for id in drive])
    return Drawn(columns, names, times)


def _labels_in(ids: list[int] | None, workspace: Workspace, user: User, asked: Asked) -> list[tuple[Any, ...]]:
    """(risk, score, width, height, drive, category, state) of each; of all frames where `ids` is None."""
    frames = frames_matching(workspace, asked.of_frames_alone(), user)
    frames = frames if ids is None else frames.filter(id__in=ids)
    of: dict[int, Any] = {id: row for id, *row in frames.values_list("id", "drive", "state", "drive__label_model")}
    boxes = boxes_of_frames(of, asked)
    found = []
    for frame, model, *shape, category, state in boxes.values_list(
        "frame", "model_version", "risk", "score", "width", "height", "category", "state"
    ):
        drive, frame_state, label_model = of[frame]
        if asked.model is not None or is_shown(state, model, frame_state, label_model):
            found.append((*shape, drive, category, state))
    return found


def _chance(workspace: Workspace, asked: Asked) -> tuple[list[int] | None, float]:
    """Frames drawn by chance and how many each stands for; None for all of them. Ids are drawn, not rows: the table is not read for it."""
    frames = Frame.objects.filter(workspace=workspace, **({"drive": asked.drive} if asked.drive else {}))
    wanted = FRAMES_DRAWN[asked.kind]
    if asked.drive:
        ids = list(frames.order_by().values_list("id", flat=True))
        return (None, 1.0) if len(ids) <= wanted else (random.Random(SEED).sample(ids, wanted), len(ids) / wanted)
    ends = frames.aggregate(low=Min("id"), high=Max("id"))
    span = ends["high"] - ends["low"] + 1 if ends["low"] else 0
    if span <= wanted:
        return None, 1.0
    drawn = random.Random(SEED).sample(range(ends["low"], ends["high"] + 1), wanted)
    return drawn, span / wanted


def _inside(values: NDArray[np.float64], low: float | None, high: float | None, name: str) -> NDArray[np.bool_]:
    if low is None and high is None:
        return np.ones(len(values), dtype=bool)
    low, high = -np.inf if low is None else low, np.inf if high is None else high
    if name == "hour" and low > high:
        return (values >= low) | (values <= high)
    return (values >= low) & (values <= high)  # what is not known is in no range


def _counted(values: list[Any], kept: NDArray[np.bool_], times: float) -> list[dict[str, Any]]:
    unique, counts = (
        np.unique(np.array(values, dtype=object)[kept].astype(str), return_counts=True) if values else ((), ())
    )
    return [{"name": str(name), "count": round(int(n) * times)} for name, n in zip(unique, counts, strict=True)]


def _floats(values: Any) -> NDArray[np.float64]:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.float64)
