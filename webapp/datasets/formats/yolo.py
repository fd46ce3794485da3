"""YOLO v5/v8: `data.yaml` with the names, and for each picture below `images` a text file below `labels`: class, centre and size as shares of the picture."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from ml.errors import BadAnnotations
from webapp.datasets.formats.labelled import (
    IGNORE,
    Labelled,
    LabelledBox,
    LabelledImage,
    pictures_below,
    size_of,
)

TITLE = "YOLO v5/v8"
HOLDS = ("name", "score", "blanks")
FIELDS = (5, 6)  # class, four shares; a sixth is the confidence of a prediction


def claims(folder: Path) -> bool:
    return folder.is_dir() and (_names_file(folder) is not None) and any(folder.rglob("labels"))


def read(path: Path) -> Labelled:
    """A folder with `data.yaml` or `classes.txt`. A picture without a text file has no boxes, as YOLO means it.

    Raises:
        BadAnnotations: there are no names, or no pictures below a folder `images`.
    """
    file = _names_file(path) if path.is_dir() else None
    if file is None:
        raise BadAnnotations(f"{path.name} holds no data.yaml and no classes.txt, so the classes have no names.")
    labelled = Labelled(())
    labelled.images = _images(path, _names(file), labelled)
    return labelled


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """`data.yaml`, `images/` and `labels/`. Scores become the sixth column where a box has one."""
    known = {name: index for index, name in enumerate(categories)}
    names = {"path": ".", "train": "images", "val": "images", "names": dict(enumerate(categories))}
    (folder / "data.yaml").write_text(yaml.safe_dump(names, allow_unicode=True, sort_keys=False))
    (folder / "labels").mkdir()
    for image in images:
        target = (folder / "labels" / image.name).with_suffix(".txt")
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = [box for box in image.boxes if box.category != IGNORE and not box.crowd]
        target.write_text("".join(_line(box, known, image.size or (1, 1)) for box in kept))


def _line(box: LabelledBox, known: dict[str, int], size: tuple[int, int]) -> str:
    x, y, width, height = box.box_xywh
    shares = ((x + width / 2) / size[0], (y + height / 2) / size[1], width / size[0], height / size[1])
    score = () if box.score is None else (box.score,)
    return f"{known[box.category]} {' '.join(map(repr, (*shares, *score)))}\n"


def _images(root: Path, names: dict[int, str], labelled: Labelled) -> Iterator[LabelledImage]:
    found = 0
    for picture in pictures_below(root):
        parts = picture.relative_to(root).parts
        if "images" not in parts[:-1]:
            continue
        found += 1
        place = len(parts) - 1 - parts[::-1].index("images")
        name = "/".join((*parts[:place], *parts[place + 1 :]))
        size = size_of(picture)
        text = root.joinpath(*parts[:place], "labels", *parts[place + 1 :]).with_suffix(".txt")
        if size is None:
            labelled.problems.append(f"{name}: the picture cannot be read, so its shares mean nothing")
            continue
        boxes = tuple(_boxes(text, size, names, labelled)) if text.is_file() else ()
        yield LabelledImage(picture, name, boxes, size)
    if not found:
        labelled.problems.append("no pictures below a folder 'images': without their sizes no label can be read")


def _boxes(file: Path, size: tuple[int, int], names: dict[int, str], labelled: Labelled) -> Iterator[LabelledBox]:
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
        fields = line.split()
        where = f"labels/{file.name}:{number}"
        if not fields:
            continue
        if len(fields) not in FIELDS:
            labelled.problems.append(f"{where}: {len(fields)} fields where a box has 5, or 6 with its confidence")
        elif not fields[0].isdecimal() or int(fields[0]) not in names:
            labelled.problems.append(f"{where}: class {fields[0]} has no name")
        else:
            yield from labelled.box(_pixels(fields[1:5], size), names[int(fields[0])], where, score=_score(fields))


def _score(fields: list[str]) -> Any:
    try:
        return float(fields[5]) if len(fields) > 5 else None
    except ValueError:
        return fields[5]


def _pixels(shares: list[str], size: tuple[int, int]) -> tuple[Any, ...]:
    try:
        cx, cy, width, height = map(float, shares)
    except ValueError:
        return tuple(shares)
    return (cx - width / 2) * size[0], (cy - height / 2) * size[1], width * size[0], height * size[1]


def _names_file(folder: Path) -> Path | None:
    places = (
        *sorted(folder.glob("*.yaml")),
        *sorted(folder.glob("*.yml")),
        folder / "classes.txt",
        folder / "obj.names",
    )
    return next((file for file in places if file.is_file()), None)


def _names(file: Path) -> dict[int, str]:
    if file.suffix not in (".yaml", ".yml"):
        return dict(enumerate(file.read_text(errors="replace").splitlines()))
    try:
        names = yaml.safe_load(file.read_text(errors="replace"))["names"]
        pairs = names.items() if isinstance(names, dict) else enumerate(names)
        return {int(index): str(name) for index, name in pairs}
    except (yaml.YAMLError, TypeError, KeyError, ValueError) as error:
        raise BadAnnotations(f"{file.name} has no list of names: {error}") from error
