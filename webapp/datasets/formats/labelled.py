"""What every importer gives: pictures with their labels, and the records that could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ml.schemas import BoxXYWH


@dataclass(frozen=True, slots=True)
class LabelledBox:
    """A box in pixels of its picture. `where` names the record, for messages."""

    box_xywh: BoxXYWH
    category: str
    where: str
    score: float | None = None
    crowd: bool = False
    occluded: bool = False
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class LabelledImage:
    """A picture and its boxes; `size` is what the label file states, when it does."""

    path: Path
    name: str
    boxes: tuple[LabelledBox, ...]
    size: tuple[int, int] | None = None


@dataclass(slots=True)
class Labelled:
    """A data set as read. `problems` name each record that was left out, and why."""

    images: Iterable[LabelledImage]
    problems: list[str] = field(default_factory=list)
    ignored: frozenset[str] = frozenset()  # categories that the format itself means to be ignored
