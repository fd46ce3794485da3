"""CVAT for video 1.1: one XML with a `track` for each object, a box for each frame that it is on. Frames have numbers, not names."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from webapp.datasets.formats.cvat_images import (
    CORNERS,
    annotation_file,
    attributes_of,
    corners_of,
    facts_of,
    meta,
    xml_files,
)
from webapp.datasets.formats.labelled import Labelled, LabelledBox, LabelledImage, pictures_below, to_corners
from webapp.datasets.formats.markup import iter_elements, number, root_of

TITLE = "CVAT for video 1.1"
HOLDS = ("size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
ALONE = 1_000_000_000  # CVAT numbers every object; from here on it is one that was on a single frame without a track


def claims(folder: Path) -> bool:
    for file in xml_files(folder):
        with file.open("rb") as source:
            head = source.read(2**18)
        if root_of(file) == "annotations" and b"<track " in head and b"<image " not in head:
            return True
    return False


def read(path: Path) -> Labelled:
    """`annotations.xml`, or a folder with it and the frames of the video as pictures, in the order of their names.

    Boxes are kept in memory, for a track runs over all frames. Without pictures, frames are named as CVAT names them.

    Raises:
        BadAnnotations: no XML, or not one file of it.
    """
    file = annotation_file(path)
    labelled = Labelled(())
    frames: dict[int, list[LabelledBox]] = {}
    for track in iter_elements(file, "track"):
        _add_track(track, file, frames, labelled)
    size = next(((w, h) for w, h in map(_size, iter_elements(file, "original_size")) if w and h), None)
    labelled.images = _images(pictures_below(file.parent), frames, size, labelled)
    return labelled


def write(images: Iterable[LabelledImage], categories: Sequence[str], folder: Path) -> None:
    """One `track` an object and category: an object that changes its category becomes two of CVAT's."""
    tracks: dict[tuple[int, str], list[tuple[int, LabelledBox]]] = {}
    count, size = 0, (0, 0)
    for count, image in enumerate(images, 1):
        size = image.size or size
        for box in image.boxes:
            number = ALONE + len(tracks) if box.track is None else box.track
            tracks.setdefault((number, box.category), []).append((count - 1, box))
    task = f"<size>{count}</size><original_size><width>{size[0]}</width><height>{size[1]}</height></original_size>"
    with (folder / "annotations.xml").open("w", encoding="utf-8") as file:
        file.write(
            f'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n{meta(categories, task)}'
        )
        for (number, category), boxes in sorted(tracks.items()):
            file.write(f'<track id="{number}" label={quoteattr(category)} source="manual">\n')
            file.writelines(_box(frame, box, outside=False) for frame, box in boxes)
            file.writelines(_ends(boxes, count))
            file.write("</track>\n")
        file.write("</annotations>\n")


def picture(name: str) -> str:
    return f"images/{name}"


def _ends(boxes: list[tuple[int, LabelledBox]], count: int) -> Iterator[str]:
    """Where an object leaves: CVAT draws its last box on until it is told so."""
    there = {frame for frame, _ in boxes}
    for frame, box in boxes:
        if frame + 1 < count and frame + 1 not in there:
            yield _box(frame + 1, box, outside=True)


def _box(frame: int, box: LabelledBox, *, outside: bool) -> str:
    corners = " ".join(f'{tag}="{value!r}"' for tag, value in zip(CORNERS, to_corners(box.box_xywh), strict=True))
    state = f'outside="{outside:d}" occluded="{box.occluded:d}" keyframe="1"'
    return f'<box frame="{frame}" {state} {corners} z_order="0">{attributes_of(box, "track")}</box>\n'


def _add_track(track: Element, file: Path, frames: dict[int, list[LabelledBox]], labelled: Labelled) -> None:
    id, label = number(track.get("id"), int), track.get("label") or ""
    for element in track.iter("box"):
        frame = number(element.get("frame"), int)
        where = f"{file.name}: track {track.get('id')}, frame {element.get('frame')}"
        if frame is None or frame < 0:
            labelled.problems.append(f"{where}: no frame number")
        elif element.get("outside") != "1":
            facts = {**facts_of(element), "track": None if id is None or id >= ALONE else id}
            frames.setdefault(frame, []).extend(labelled.box(corners_of(element), label, where, **facts))


def _images(
    pictures: list[Path], frames: dict[int, list[LabelledBox]], size: tuple[int, int] | None, labelled: Labelled
) -> Iterator[LabelledImage]:
    count = len(pictures) or max(frames, default=-1) + 1
    for frame in range(count):
        path = pictures[frame] if pictures else None
        yield LabelledImage(path, path.name if path else f"frame_{frame:06d}.png", tuple(frames.pop(frame, ())), size)
    for frame, boxes in sorted(frames.items()):
        labelled.problems.append(f"frame {frame}: {len(boxes)} boxes, but there are {count} pictures")


def _size(element: Element) -> tuple[int | None, int | None]:
    return number(element.findtext("width"), int), number(element.findtext("height"), int)
