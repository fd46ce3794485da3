"""A frozen version in any format: rows of the manifest become pictures with labels, and the format writes them."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from webapp.core import storage
from webapp.datasets.blurring import blurred, regions_of
from webapp.datasets.formats import writer
from webapp.datasets.formats.labelled import IGNORE, LabelledBox, LabelledImage
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion

FLAGS = ("crowd", "occluded", "truncated")


def write_version(version: DatasetVersion, split: str, format: str, folder: Path) -> list[Path]:
    """The label files of a split: COCO as `<split>.json`, as by REST; every other format in a folder of the split's name.

    Raises:
        DomainError `unknown_format`.
    """
    chosen = writer(format)
    if chosen.write_version is not None:
        return chosen.write_version(version, split, folder)
    assert chosen.write is not None
    target = folder / split
    target.mkdir(parents=True)
    chosen.write(version_images(version, split), [category["name"] for category in version.categories], target)
    return sorted(path for path in target.rglob("*") if path.is_file())


def write_pictures(version: DatasetVersion, split: str, format: str, folder: Path, *, blur: bool = False) -> int:
    """The split's stills where the format wants them, with faces and plates blurred where that is asked; how many."""
    chosen, count = writer(format), 0
    root = folder if chosen.write_version is not None else folder / split
    with tempfile.TemporaryDirectory() as copies:
        for _, row in read_rows(storage.materialised(version.frames_key, Path(copies)), split):
            target = root / chosen.picture(row["file_name"])
            target.parent.mkdir(parents=True, exist_ok=True)
            with storage.open_key(row["image_key"]) as source, target.open("wb") as file:
                if blur:
                    regions = regions_of(row["image_key"], row["width"], row["height"])
                    file.write(blurred(source.read(), regions))
                else:
                    shutil.copyfileobj(source, file)
            count += 1
    return count


def version_images(version: DatasetVersion, split: str | None) -> Iterator[LabelledImage]:
    """The frames of a version with their boxes, a few thousand rows in memory at a time."""
    names = [category["name"] for category in version.categories]
    with tempfile.TemporaryDirectory() as copies:
        frames = read_rows(storage.materialised(version.frames_key, Path(copies)), split)
        boxes = read_rows(storage.materialised(version.boxes_key, Path(copies)), split)
        by_frame = groupby((row for _, row in boxes), key=itemgetter("frame"))  # boxes lie in the order of their frames
        following = next(by_frame, None)
        for number, row in frames:
            kept: tuple[LabelledBox, ...] = ()
            if following and following[0] == number:
                kept = tuple(_box(box, names) for box in following[1])
                following = next(by_frame, None)
            yield LabelledImage(None, row["file_name"], kept, (row["width"], row["height"]), row["time_ms"])


def _box(row: dict[str, Any], names: list[str]) -> LabelledBox:
    return LabelledBox(
        (row["x"], row["y"], row["width"], row["height"]),
        names[row["category"]] if row["category"] >= 0 else IGNORE,
        score=row["score"],
        track=row["track"],
        **{name: row[name] for name in FLAGS},
    )
