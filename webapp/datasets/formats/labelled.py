"""What every format reads and writes: pictures with their labels, and the records that could not be read."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from ml.schemas import BoxXYWH

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff")
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)  # of EXIF
IGNORE = "(ignore)"  # the category of a region that counts for none


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """A box in pixels of its picture. `where` names the record, for messages; `track` the same object on other pictures."""

    box_xywh: BoxXYWH
    category: str
    where: str = ""
    score: float | None = None
    crowd: bool = False
    occluded: bool = False
    truncated: bool = False
    track: int | None = None


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """A picture and its boxes. `name` is its path in the data set, `size` (width, height) what the label file states; `path` None where the file isn't there."""

    path: Path | None
    name: str
    boxes: tuple[LabelledBox, ...] = ()
    size: tuple[int, int] | None = None
    time_ms: float = 0.0


@dataclass(slots=True)
class Labelled:
    """A data set as read, once: `images` may be a stream, and `problems` name each record that was left out, and why, as it goes by."""

    images: Iterable[LabelledImage]
    problems: list[str] = field(default_factory=list)

    def box(self, values: Any, category: str, where: str, **facts: Any) -> Iterable[LabelledBox]:
        """The box of a record, or a problem when its four numbers are none."""
        try:
            x, y, width, height = (float(value) for value in values)
        except (TypeError, ValueError):
            self.problems.append(f"{where}: no box: {_shown(values)}")
            return
        if not all(map(math.isfinite, (x, y, width, height))) or width <= 0 or height <= 0:
            self.problems.append(f"{where}: a box without area or with numbers that are none: {_shown(values)}")
            return
        score = facts.get("score")
        if score is not None and not (isinstance(score, int | float) and 0 <= score <= 1):
            self.problems.append(f"{where}: the score {score!r} is no number from 0 to 1")
            return
        yield LabelledBox((x, y, width, height), category, where, **facts)


def from_corners(corners: Iterable[Any]) -> tuple[Any, ...]:
    """x1 y1 x2 y2 as x y width height; what is no number stays as it is, for the message."""
    values = tuple(corners)
    try:
        x1, y1, x2, y2 = (float(value) for value in values)
    except (TypeError, ValueError):
        return values
    return x1, y1, x2 - x1, y2 - y1


def to_corners(box_xywh: BoxXYWH) -> BoxXYWH:
    x, y, width, height = box_xywh
    return x, y, x + width, y + height


def flat(name: str) -> str:
    """The name of a picture where the format has one folder for all."""
    return name.replace("/", "__")


def find_picture(folder: Path, name: str, *places: str) -> Path | None:
    """The file of a picture in one of these folders; None when it is in none, or the name leads out of the data set."""
    if name.startswith(("/", "\\")) or ".." in Path(name.replace("\\", "/")).parts:
        return None
    return next((path for place in places if (path := folder / place / name).is_file()), None)


def pictures_below(folder: Path) -> list[Path]:
    """Every picture file, in the order of their paths."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES and path.is_file())


def size_of(picture: Path) -> tuple[int, int] | None:
    """(width, height) of a picture as it is seen, from its head alone; None when that cannot be read."""
    try:
        with Image.open(picture) as image:
            turned = image.getexif().get(ORIENTATION, 1) in QUARTER_TURNS
            return (image.height, image.width) if turned else image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _shown(values: Any) -> str:
    return str(list(values) if isinstance(values, tuple) else values)[:120]
