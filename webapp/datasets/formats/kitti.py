"""KITTI object labels: `label_2/<id>.txt` beside `image_2/<id>.*`, one object a line, pixels x1 y1 x2 y2."""

import math
import tempfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from ml.errors import BadAnnotations
from webapp.core import storage
from webapp.datasets.formats.labelled import Labelled, LabelledBox, LabelledImage
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion

PICTURES = (".png", ".jpg", ".jpeg")
FIELDS = 15


def read(path: Path) -> Labelled:
    """A folder with `image_2` and `label_2`. Pictures without a label file, and lines that break the format, become problems.

    Raises:
        BadAnnotations: the folders are not there.
    """
    images, labels = path / "image_2", path / "label_2"
    if not images.is_dir() or not labels.is_dir():
        raise BadAnnotations(f"{path} has no folders image_2 and label_2.")
    labelled = Labelled([], ignored=frozenset({"DontCare"}))
    labelled.images = list(_images(images, labels, labelled.problems))
    return labelled


def write(version: DatasetVersion, split: str, folder: Path) -> list[Path]:
    """`<split>/label_2/<name>.txt`, one a frame. Scores, risk and tracks have no place in this format and are left out."""
    target = folder / split / "label_2"
    target.mkdir(parents=True, exist_ok=True)
    names = [category["name"] for category in version.categories]
    paths = []
    with tempfile.TemporaryDirectory() as copies:
        frames = read_rows(storage.materialised(version.frames_key, Path(copies)), split)
        boxes = read_rows(storage.materialised(version.boxes_key, Path(copies)), split)
        by_frame = groupby((row for _, row in boxes), key=itemgetter("frame"))  # boxes lie in the order of their frames
        following = next(by_frame, None)
        for number, frame in frames:
            path = target / f"{frame['file_name'].replace('/', '__').rsplit('.', 1)[0]}.txt"
            lines = []
            if following and following[0] == number:
                lines = [_line(row, names) for row in following[1]]
                following = next(by_frame, None)
            path.write_text("".join(f"{line}\n" for line in lines))
            paths.append(path)
    return paths


def _line(row: dict[str, Any], names: list[str]) -> str:
    name = names[row["category"]].replace(" ", "_") if row["category"] >= 0 else "DontCare"
    corners = (row["x"], row["y"], row["x"] + row["width"], row["y"] + row["height"])
    box = " ".join(repr(float(value)) for value in corners)
    return f"{name} {float(row['truncated']):.2f} {int(row['occluded'])} -10 {box} -1 -1 -1 -1000 -1000 -1000 -10"


def _images(images: Path, labels: Path, problems: list[str]) -> Iterator[LabelledImage]:
    for picture in sorted(p for p in images.iterdir() if p.suffix.lower() in PICTURES):
        file = labels / f"{picture.stem}.txt"
        if not file.is_file():
            problems.append(f"image_2/{picture.name}: no label_2/{file.name}")
            continue
        yield LabelledImage(picture, picture.name, tuple(_boxes(file, problems)))


def _boxes(file: Path, problems: list[str]) -> Iterator[LabelledBox]:
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        where = f"label_2/{file.name}:{number}"
        try:
            yield _box(line.split(), where)
        except ValueError as error:
            problems.append(f"{where}: {error}")


def _box(fields: list[str], where: str) -> LabelledBox:
    if len(fields) < FIELDS:
        raise ValueError(f"{len(fields)} fields where KITTI has {FIELDS}")
    x1, y1, x2, y2 = map(float, fields[4:8])
    if not all(map(math.isfinite, (x1, y1, x2, y2))) or x2 <= x1 or y2 <= y1:
        raise ValueError(f"no box: {' '.join(fields[4:8])}")
    return LabelledBox(
        box_xywh=(x1, y1, x2 - x1, y2 - y1),
        category=fields[0],
        where=where,
        occluded=int(float(fields[2])) > 0,
        truncated=float(fields[1]) > 0,
    )
