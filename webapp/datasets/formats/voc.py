"""Pascal VOC: `Annotations/<name>.xml` beside `JPEGImages/<name>.*`; corners in pixels, written in full and not rounded."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from ml.errors import BadAnnotations
from webapp.datasets.formats.labelled import (
    IGNORE,
    PICTURES,
    Labelled,
    LabelledBox,
    LabelledImage,
    find_picture,
    flat,
    from_corners,
    to_corners,
)
from webapp.datasets.formats.markup import flag, iter_elements, number, root_of, text_of

TITLE = "Pascal VOC"
HOLDS = (
    "size",
    "crowd",
    "occluded",
    "truncated",
    "blanks",
)  # `difficult` is VOC's word for what an evaluation passes over
CORNERS = ("xmin", "ymin", "xmax", "ymax")
PLACES = ("JPEGImages", "images", "")


def claims(folder: Path) -> bool:
    return bool(folder.is_dir() and (files := _files(folder)) and root_of(files[0]) == "annotation")


def read(path: Path) -> Labelled:
    """A folder with `Annotations/`, or with the XML files themselves.

    Raises:
        BadAnnotations: there is no XML file.
    """
    files = _files(path) if path.is_dir() else []
    if not files:
        raise BadAnnotations(f"{path.name} holds no XML files, neither in Annotations nor by themselves.")
    labelled = Labelled(())
    labelled.images = _images(path, files, labelled)
    return labelled


def picture(name: str) -> str:
    return f"JPEGImages/{flat(name)}"


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """With the set's pictures listed in `ImageSets/Main` and our categories in `labelmap.txt`: CVAT and datumaro find no others than VOC's own by themselves."""
    target, listed = folder / "Annotations", folder / "ImageSets" / "Main" / f"{folder.name}.txt"
    target.mkdir()
    listed.parent.mkdir(parents=True)
    labels = "".join(f"{name}:::\n" for name in categories)
    (folder / "labelmap.txt").write_text(f"# label:color_rgb:parts:actions\n{labels}")
    names = []
    for image in images:
        name, (width, height) = flat(image.name), image.size or (0, 0)
        objects = "".join(_object(box) for box in image.boxes if box.category != IGNORE)
        head = f"<folder>JPEGImages</folder>\n  <filename>{escape(name)}</filename>\n"
        size = f"  <size><width>{width}</width><height>{height}</height><depth>3</depth></size>\n  <segmented>0</segmented>\n"
        (target / name).with_suffix(".xml").write_text(f"<annotation>\n  {head}{size}{objects}</annotation>\n")
        names.append(f"{Path(name).stem}\n")
    listed.write_text("".join(names))


def _object(box: LabelledBox) -> str:
    corners = "".join(f"<{tag}>{value!r}</{tag}>" for tag, value in zip(CORNERS, to_corners(box.box_xywh), strict=True))
    flags = f"<truncated>{box.truncated:d}</truncated><occluded>{box.occluded:d}</occluded><difficult>{box.crowd:d}</difficult>"
    return f"  <object><name>{escape(box.category)}</name>{flags}<bndbox>{corners}</bndbox></object>\n"


def _images(root: Path, files: list[Path], labelled: Labelled) -> Iterator[LabelledImage]:
    for file in files:
        try:
            annotation = next(iter_elements(file, "annotation"))
        except (BadAnnotations, StopIteration) as error:
            labelled.problems.append(getattr(error, "detail", f"{file.name} is no VOC annotation"))
            continue
        name = text_of(annotation, "filename") or f"{file.stem}.jpg"
        found = find_picture(root, name, *PLACES) or _same_stem(root, file.stem)
        boxes = [
            box
            for place, element in enumerate(annotation.iter("object"), 1)
            for box in _boxes(element, file, place, labelled)
        ]
        yield LabelledImage(found, name, tuple(boxes), _size(annotation))


def _boxes(element: Element, file: Path, place: int, labelled: Labelled) -> Iterable[LabelledBox]:
    where, name = f"Annotations/{file.name}: object {place}", text_of(element, "name")
    bounds = element.find("bndbox")
    if not name or bounds is None:
        labelled.problems.append(f"{where} has no {'name' if not name else 'bndbox'}")
        return ()
    corners = from_corners(text_of(bounds, tag) for tag in CORNERS)
    truncated, occluded, crowd = (flag(text_of(element, tag)) for tag in ("truncated", "occluded", "difficult"))
    return labelled.box(corners, name, where, truncated=truncated, occluded=occluded, crowd=crowd)


def _size(annotation: Element) -> tuple[int, int] | None:
    width, height = (number(annotation.findtext(f"size/{side}"), int) for side in ("width", "height"))
    return (width, height) if width and height else None


def _same_stem(root: Path, stem: str) -> Path | None:
    return next((found for suffix in PICTURES if (found := find_picture(root, stem + suffix, *PLACES))), None)


def _files(folder: Path) -> list[Path]:
    return sorted((folder / "Annotations").glob("*.xml")) or sorted(folder.glob("*.xml"))
