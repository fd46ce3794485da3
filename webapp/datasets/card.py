"""The data card of a version: what is in each split, and what is known to be missing. Counted once, when the version is frozen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from webapp.datasets.manifest import read_batches
from webapp.datasets.models import VersionDrive
from webapp.datasets.splits import TRAIN_PSEUDO
from webapp.footage.light import measured_in
from webapp.footage.models import Drive

RISK_BINS = 10
RARE = 50  # boxes of a category in a split, below which no figure of it means much
UNKNOWN = "unknown"
SMALL_PX2, MEDIUM_PX2 = 32**2, 96**2
SIZES = ("small", "medium", "large")  # COCO's: below 32 x 32, below 96 x 96 pixels, and above
NIGHT = {"night", *(f"{hour:02d}" for hour in (*range(6), 20, 21, 22, 23))}


def card_of(
    places: Sequence[VersionDrive],
    frames: Path,
    boxes: Path,
    categories: Sequence[dict[str, Any]],
    near: dict[str, Any],
) -> dict[str, Any]:
    """Counts by split, the near-duplicate report, the bounds that the drives were frozen with, and the gaps."""
    names = [category["name"] for category in categories]
    splits = {split: _counts(frames, boxes, split, places, names) for split in _splits(frames)}
    bounds = [
        {"drive": place.drive.name, "split": place.split, "upper": (place.bound or {}).get("upper")}
        | {"confidence": (place.bound or {}).get("confidence"), "certified": bool((place.bound or {}).get("certified"))}
        for place in places
    ]
    card = {"splits": splits, "near": near, "bounds": bounds}
    return card | {"gaps": _gaps(splits, bounds, names, near)}


def hour_of(drive: Drive) -> str:
    """The hour it was recorded in, or the time of day as it was written down."""
    return f"{drive.captured_at:%H}" if drive.captured_at else drive.time_of_day or UNKNOWN


def _splits(frames: Path) -> list[str]:
    return list(dict.fromkeys(pq.read_table(frames, columns=["split"]).column("split").to_pylist()))


def _counts(frames: Path, boxes: Path, split: str, places: Sequence[VersionDrive], names: list[str]) -> dict[str, Any]:
    counts: dict[str, Any] = {"frames": 0, "audited_frames": 0, "by_hour": {}, "by_weather": {}, "by_city": {}}
    drives = {place.drive.name: place.drive for place in places}
    hours = {name: hour_of(drive) for name, drive in drives.items()}
    measured = measured_in(drives[name].id for name, hour in hours.items() if hour == UNKNOWN)
    for _, rows in read_batches(frames, split):
        counts["frames"] += rows.num_rows
        counts["audited_frames"] += int(np.sum(rows.column("audited").to_numpy(zero_copy_only=False)))
        for row in rows.column("drive").value_counts().to_pylist():
            drive = drives[row["values"]]
            for by, value in (("by_weather", drive.weather), ("by_city", drive.place)):
                counts[by][value or UNKNOWN] = counts[by].get(value or UNKNOWN, 0) + row["counts"]
        for name, sha256 in zip(rows.column("drive").to_pylist(), rows.column("sha256").to_pylist(), strict=True):
            hour = hours[name] if hours[name] != UNKNOWN else measured.get((drives[name].id, sha256), UNKNOWN)
            counts["by_hour"][hour] = counts["by_hour"].get(hour, 0) + 1
    return counts | _box_counts(boxes, split, names)


def _box_counts(boxes: Path, split: str, names: list[str]) -> dict[str, Any]:
    """By category (regions to ignore apart), by COCO's sizes, and by risk in tenths."""
    categories, sizes, risk = np.zeros(len(names) + 1, int), np.zeros(len(SIZES), int), np.zeros(RISK_BINS, int)
    no_risk = 0
    for _, rows in read_batches(boxes, split):
        column = {name: rows.column(name).to_numpy(zero_copy_only=False) for name in ("category", "width", "height")}
        categories += np.bincount(column["category"] + 1, minlength=len(names) + 1)
        area = column["width"] * column["height"]
        sizes += np.bincount(np.searchsorted((SMALL_PX2, MEDIUM_PX2), area, side="right"), minlength=len(SIZES))
        known: NDArray[np.float64] = rows.column("risk").drop_null().to_numpy(zero_copy_only=False)
        no_risk += rows.num_rows - len(known)
        risk += np.bincount(np.minimum((known * RISK_BINS).astype(int), RISK_BINS - 1), minlength=RISK_BINS)
    return {
        "boxes": int(categories[1:].sum()),
        "ignore_regions": int(categories[0]),
        "by_category": dict(zip(names, categories[1:].tolist(), strict=True)),
        "by_size": dict(zip(SIZES, sizes.tolist(), strict=True)),
        "risk": risk.tolist(),
        "without_risk": no_risk,
    }


def _gaps(
    splits: dict[str, Any], bounds: list[dict[str, Any]], names: list[str], near: dict[str, Any]
) -> list[dict[str, Any]]:
    """What a reader of a figure should know: `code`, the `split`, and what it is about."""
    gaps = []
    for split, counts in splits.items():
        for name in names:
            if (count := counts["by_category"][name]) < RARE:
                code = "category_rare" if count else "category_missing"
                gaps.append({"code": code, "split": split, "name": name, "count": count})
        for by in ("hour", "weather", "city"):
            if count := counts[f"by_{by}"].get(UNKNOWN, 0):
                gaps.append({"code": f"{by}_unknown", "split": split, "name": "", "count": count})
        if not NIGHT & counts["by_hour"].keys():
            gaps.append({"code": "no_night", "split": split, "name": "", "count": 0})
        unbound = [row for row in bounds if row["split"] == split and not row["certified"] and split != TRAIN_PSEUDO]
        if unbound:
            gaps.append({"code": "not_certified", "split": split, "name": "", "count": len(unbound)})
    for split, count in near["left_out"].items():
        gaps.append({"code": "straddlers_left_out", "split": split, "name": "", "count": count})
    return gaps
