"""A frozen version's manifest of any size, drawn at random and written as the product writes it: batches of 500 frames, twelve boxes each."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from ml.taxonomies import GDDA13
from webapp.core import storage
from webapp.datasets.manifest import BATCH, BOXES, FLAGS, FRAMES
from webapp.datasets.models import Dataset, DatasetVersion

BOXES_A_FRAME = 12


def drawn_version(frames: int, folder: Path) -> DatasetVersion:
    """A version without rows of a database; its two tables lie in `folder`."""
    settings.MEDIA_ROOT = folder / "media"
    rng = np.random.default_rng(0)
    with (
        pq.ParquetWriter(folder / "frames.parquet", FRAMES, compression="zstd") as pictures,
        pq.ParquetWriter(folder / "boxes.parquet", BOXES, compression="zstd") as boxes,
    ):
        for first in range(0, frames, BATCH):
            count = min(BATCH, frames - first)
            pictures.write_table(_frames(first, count))
            boxes.write_table(_boxes(rng, first, count))
    keys = [storage.put_file(folder / f"{name}.parquet", f".{name}", sha256="0" * 64) for name in ("frames", "boxes")]
    return DatasetVersion(
        dataset=Dataset(name="drawn"),
        number=1,
        digest="0" * 64,
        categories=[{"name": category.name, "group": category.group} for category in GDDA13],
        frames_key=keys[0],
        boxes_key=keys[1],
        summary={"boxes": frames * BOXES_A_FRAME},
    )


def _frames(first: int, count: int) -> pa.Table:
    rows = [
        {"file_name": f"drive/{k:09d}.jpg", "drive": "drive", "split": "train", "width": 1920, "height": 1080, "time_ms": k * 500.0}
        | {"sha256": (digest := hashlib.sha256(str(k).encode()).hexdigest()), "audited": True, "image_key": f"{digest}.jpg"}
        | {"boxes": BOXES_A_FRAME, "boxes_sha256": digest}
        for k in range(first, first + count)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=FRAMES)


def _boxes(rng: np.random.Generator, first: int, count: int) -> pa.Table:
    rows = count * BOXES_A_FRAME
    columns: dict[str, Any] = {name: rng.uniform(1, 10, rows) for name in ("x", "y", "width", "height", "severity")}
    columns |= {name: rng.random(rows) for name in ("score", "risk")}
    columns |= {
        "frame": np.repeat(np.arange(first, first + count), BOXES_A_FRAME),
        "category": rng.integers(0, 13, rows),
    }
    columns |= {
        "split": ["train"] * rows,
        "source": ["pseudo"] * rows,
        "state": ["accepted"] * rows,
        "track": [None] * rows,
    }
    columns |= {name: np.zeros(rows, bool) for name in ("audited", *FLAGS)}
    return pa.table({field.name: pa.array(columns[field.name], field.type) for field in BOXES}, schema=BOXES)
