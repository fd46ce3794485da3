"""Parquet out: `images.parquet` and `boxes.parquet`, for data frames and query engines. Boxes refer to images by `image`, the row from 0."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from webapp.datasets.formats.labelled import LabelledBox, LabelledImage

TITLE = "Parquet"
HOLDS = ("name", "size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
IMAGES = pa.schema([("name", pa.string()), ("width", pa.int32()), ("height", pa.int32()), ("time_ms", pa.float64())])
BOXES = pa.schema(
    [
        ("image", pa.int64()),
        ("category", pa.string()),
        *((name, pa.float64()) for name in ("x", "y", "width", "height", "score")),
        *((name, pa.bool_()) for name in ("crowd", "occluded", "truncated")),
        ("track", pa.int64()),
    ]
)
GROUP = 50_000  # boxes in memory at a time


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    heads: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    with (
        pq.ParquetWriter(folder / "images.parquet", IMAGES, compression="zstd") as image_file,
        pq.ParquetWriter(folder / "boxes.parquet", BOXES, compression="zstd") as box_file,
    ):

        def flush() -> None:
            image_file.write_table(pa.Table.from_pylist(heads, IMAGES))
            box_file.write_table(pa.Table.from_pylist(rows, BOXES))
            heads.clear()
            rows.clear()

        for number, image in enumerate(images):
            width, height = image.size or (None, None)
            heads.append({"name": image.name, "width": width, "height": height, "time_ms": image.time_ms})
            rows += [_row(number, box) for box in image.boxes]
            if len(rows) + len(heads) >= GROUP:
                flush()
        flush()


def _row(image: int, box: LabelledBox) -> dict[str, Any]:
    x, y, width, height = box.box_xywh
    kept = {name: getattr(box, name) for name in ("category", "score", "crowd", "occluded", "truncated", "track")}
    return {"image": image, "x": x, "y": y, "width": width, "height": height, **kept}
