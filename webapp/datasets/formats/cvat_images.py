"""CVAT for images 1.1: one XML with an `image` for each picture. What CVAT has no field for is a labelled attribute of the box."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from ml.errors import BadAnnotations
from webapp.datasets.formats.labelled import (
    IGNORE,
    Labelled,
    LabelledBox,
    LabelledImage,
    find_picture,
    from_corners,
    to_corners,
)
from webapp.datasets.formats.markup import flag, iter_elements, number, root_of

TITLE = "CVAT for images 1.1"
HOLDS = ("name", "size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
CORNERS = ("xtl", "ytl", "xbr", "ybr")
ATTRIBUTES = {"truncated": "checkbox", "crowd": "checkbox", "score": "text", "track": "text"}
PLACES = ("images", "")
NO_ATTRIBUTE = ("polygon", "polyline", "points", "cuboid", "mask", "ellipse", "skeleton")


def claims(folder: Path) -> bool:
    return any(root_of(file) == "annotations" and _has(file, b"<image ") for file in xml_files(folder))


def read(path: Path) -> Labelled:
    """`annotations.xml`, or a folder with it and its pictures beside it or in `images/`.

    Raises:
        BadAnnotations: there is not one XML file.
    """
    file = annotation_file(path)
    labelled = Labelled(())
    labelled.images = _images(file, labelled)
    return labelled


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    with (folder / "annotations.xml").open("w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n{meta(categories)}')
        for number, image in enumerate(images):
            width, height = image.size or (0, 0)
            file.write(f'<image id="{number}" name={quoteattr(image.name)} width="{width}" height="{height}">\n')
            file.writelines(_box(box) for box in image.boxes)
            file.write("</image>\n")
        file.write("</annotations>\n")


def meta(categories: Sequence[str], task: str = "") -> str:
    """What CVAT asks of a file that it reads: the labels with their attributes."""
    attributes = "".join(
        f"<attribute><name>{name}</name><mutable>True</mutable><input_type>{kind}</input_type>"
        f"<default_value>{'false' if kind == 'checkbox' else ''}</default_value><values>{'false' if kind == 'checkbox' else ''}</values></attribute>"
        for name, kind in ATTRIBUTES.items()
    )
    labels = "".join(
        f"<label><name>{escape(name)}</name><type>rectangle</type><attributes>{attributes}</attributes></label>\n"
        for name in (*categories, IGNORE)
    )
    return f"<meta><task>{task}<labels>\n{labels}</labels></task></meta>\n"


def attributes_of(box: LabelledBox, *left_out: str) -> str:
    values = {"truncated": box.truncated, "crowd": box.crowd, "score": box.score, "track": box.track}
    return "".join(
        f'<attribute name="{name}">{str(value).lower() if isinstance(value, bool) else repr(value)}</attribute>'
        for name, value in values.items()
        if value is not None and value is not False and name not in left_out
    )


def facts_of(element: Element) -> dict[str, Any]:
    """Flags, score and track of a box element."""
    found = {one.get("name"): (one.text or "").strip() for one in element.iter("attribute")}
    return {
        "occluded": flag(element.get("occluded")),
        "truncated": flag(found.get("truncated")),
        "crowd": flag(found.get("crowd")),
        "score": number(found.get("score")) if found.get("score") else None,
        "track": number(found.get("track"), int) if found.get("track") else None,
    }


def corners_of(element: Element) -> tuple[Any, ...]:
    return from_corners(element.get(corner) for corner in CORNERS)


def xml_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder] if folder.suffix.lower() == ".xml" else []
    return sorted(folder.glob("*.xml"))


def annotation_file(path: Path) -> Path:
    files = xml_files(path)
    if len(files) != 1:
        raise BadAnnotations(f"{path.name} holds {len(files)} XML files where CVAT writes one, annotations.xml.")
    return files[0]


def _box(box: LabelledBox) -> str:
    corners = " ".join(f'{tag}="{value!r}"' for tag, value in zip(CORNERS, to_corners(box.box_xywh), strict=True))
    label = f'label={quoteattr(box.category)} source="manual" occluded="{box.occluded:d}"'
    return f'<box {label} {corners} z_order="0">{attributes_of(box)}</box>\n'


def _images(file: Path, labelled: Labelled) -> Iterator[LabelledImage]:
    seen: set[str] = set()
    for element in iter_elements(file, "image"):
        name = element.get("name") or ""
        where = f"{file.name}: image {element.get('id', '')} {name!r}"
        if not name or name in seen:
            labelled.problems.append(f"{where} {'occurs twice; the first one counts' if name else 'has no name'}")
            continue
        seen.add(name)
        boxes = [
            box for place, one in enumerate(element, 1) for box in _boxes(one, f"{where}, {one.tag} {place}", labelled)
        ]
        size = number(element.get("width"), int), number(element.get("height"), int)
        yield LabelledImage(find_picture(file.parent, name, *PLACES), name, tuple(boxes), size if all(size) else None)


def _boxes(element: Element, where: str, labelled: Labelled) -> Iterable[LabelledBox]:
    if element.tag in NO_ATTRIBUTE:
        labelled.problems.append(f"{where}: a {element.tag} is no box; left out")
        return ()
    if element.tag != "box":
        return ()
    if number(element.get("rotation") or 0):
        labelled.problems.append(f"{where}: a rotated box has no place here; left out")
        return ()
    return labelled.box(corners_of(element), element.get("label") or "", where, **facts_of(element))


def _has(file: Path, text: bytes) -> bool:
    with file.open("rb") as source:
        head = source.read(2**18)
        return text in head
