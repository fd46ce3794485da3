"""KITTI object labels: `label_2/<id>.txt` beside `image_2/<id>.*`, one object a line, pixels x1 y1 x2 y2; results have a score behind."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ml.errors import BadAnnotations
from webapp.datasets.formats.labelled import (
    IGNORE,
    Labelled,
    LabelledBox,
    LabelledImage,
    flat,
    from_corners,
    to_corners,
)

TITLE = "KITTI"
HOLDS = ("score", "ignore", "occluded", "truncated")
PICTURES = (".png", ".jpg", ".jpeg")
FIELDS = 15
NOTHING = "DontCare"


def claims(folder: Path) -> bool:
    return (folder / "image_2").is_dir() and (folder / "label_2").is_dir()


def read(path: Path) -> Labelled:
    """A folder with `image_2` and `label_2`. Pictures without a label file, and lines that break the format, become problems.

    Raises:
        BadAnnotations: the folders are not there.
    """
    if not claims(path):
        raise BadAnnotations(f"{path} has no folders image_2 and label_2.")
    labelled = Labelled(())
    labelled.images = _images(path / "image_2", path / "label_2", labelled)
    return labelled


def picture(name: str) -> str:
    return f"image_2/{flat(name)}"


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """`label_2/<name>.txt`, one a picture. Crowds are written as plain objects, for the format knows no other."""
    target = folder / "label_2"
    target.mkdir()
    for image in images:
        (target / flat(image.name)).with_suffix(".txt").write_text("".join(map(_line, image.boxes)))


def _line(box: LabelledBox) -> str:
    name = NOTHING if box.category == IGNORE else box.category.replace(" ", "_")
    corners = " ".join(repr(float(value)) for value in to_corners(box.box_xywh))
    score = "" if box.score is None else f" {box.score!r}"
    return (
        f"{name} {float(box.truncated):.2f} {int(box.occluded)} -10 {corners} -1 -1 -1 -1000 -1000 -1000 -10{score}\n"
    )


def _images(images: Path, labels: Path, labelled: Labelled) -> Iterator[LabelledImage]:
    for picture in sorted(p for p in images.iterdir() if p.suffix.lower() in PICTURES):
        file = labels / f"{picture.stem}.txt"
        if not file.is_file():
            labelled.problems.append(f"image_2/{picture.name}: no label_2/{file.name}")
            continue
        yield LabelledImage(picture, picture.name, tuple(_boxes(file, labelled)))


def _boxes(file: Path, labelled: Labelled) -> Iterator[LabelledBox]:
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
        fields, where = line.split(), f"label_2/{file.name}:{number}"
        if not fields:
            continue
        try:
            yield from _box(fields, where, labelled)
        except (ValueError, OverflowError) as error:
            labelled.problems.append(f"{where}: {error}")


def _box(fields: list[str], where: str, labelled: Labelled) -> Iterable[LabelledBox]:
    if len(fields) < FIELDS:
        raise ValueError(f"{len(fields)} fields where KITTI has {FIELDS}")
    return labelled.box(
        from_corners(fields[4:8]),
        IGNORE if fields[0] == NOTHING else fields[0],
        where,
        occluded=int(float(fields[2])) > 0,
        truncated=float(fields[1]) > 0,
        crowd=fields[0] == NOTHING,
        score=float(fields[FIELDS]) if len(fields) > FIELDS else None,
    )
