"""Data sets to write and to read again: values from Hypothesis, pictures on disk."""

from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from webapp.datasets.formats import Format
from webapp.datasets.formats.labelled import IGNORE, LabelledBox, LabelledImage

CATEGORIES = ("car", "traffic light", "person & <co>", "摩托车")
SIZES = ((64, 48), (1920, 1080), (33, 7))


@st.composite
def boxes(draw, size):
    """A box inside a picture, of numbers as odd as they come; a region of no category is a crowd with no facts of its own."""
    x, y = (draw(st.floats(0, side - 2)) for side in size)
    width, height = (draw(st.floats(1e-3, side - start)) for side, start in zip(size, (x, y), strict=True))
    if draw(st.integers(0, 5)) == 0:
        return LabelledBox((x, y, width, height), IGNORE, crowd=True)
    flags = {name: draw(st.booleans()) for name in ("crowd", "occluded", "truncated")}
    return LabelledBox(
        (x, y, width, height),
        draw(st.sampled_from(CATEGORIES)),
        score=draw(st.none() | st.floats(0, 1)),
        track=draw(st.none() | st.integers(1, 10**6)),
        **flags,
    )


@st.composite
def data_sets(draw, least=0):
    """Pictures of one size, as of one video. A track is on a picture once."""
    size = draw(st.sampled_from(SIZES))
    images = []
    for number in range(draw(st.integers(1, 3))):
        found = draw(
            st.lists(
                boxes(size), min_size=least, max_size=4, unique_by=(lambda b: b.track or id(b), lambda b: b.box_xywh)
            )
        )
        if least and all(box.category == IGNORE for box in found):
            found.append(LabelledBox((0.0, 0.0, 1.0, 1.0), "car"))
        images.append(LabelledImage(None, f"drive/frame_{number:03d}.png", tuple(found), size, number * 100.0))
    return images


def on_disk(images, one: Format, folder: Path):
    """Written by the format, with the pictures where it wants them."""
    folder.mkdir(parents=True)
    one.write(iter(images), CATEGORIES, folder)
    for image in images:
        path = folder / one.picture(image.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("1", image.size).save(path)


def shadow(images, one: Format):
    """What is left of a data set in a format, by what the format says of itself."""
    return [
        replace(image, boxes=tuple(_shadow(box, one) for box in image.boxes if not _left_out(box, one)))
        for image in images
    ]


def labels_of(images, one: Format):
    """Everything but the four numbers, in an order that does not depend on the format's own."""
    return [
        (
            image.name if "name" in one.holds else None,
            image.size if "size" in one.holds else None,
            [(b.category, b.score, b.crowd, b.occluded, b.truncated, b.track) for b in _sorted(image.boxes)],
        )
        for image in images
    ]


def boxes_apart(one, other):
    """The largest difference of a side, in pixels."""
    pairs = zip(one, other, strict=True)
    return max(
        (
            abs(a - b)
            for left, right in pairs
            for first, second in zip(_sorted(left.boxes), _sorted(right.boxes), strict=True)
            for a, b in zip(first.box_xywh, second.box_xywh, strict=True)
        ),
        default=0.0,
    )


def _left_out(box, one):
    """What has no place at all: regions to ignore, and crowds where an object would be taken for one."""
    if box.category == IGNORE:
        return "ignore" not in one.holds
    return box.crowd and one.name in ("yolo", "coco_results")


def _shadow(box, one):
    kept = {name: getattr(box, name) for name in ("score", "occluded", "truncated", "track") if name in one.holds}
    lost = {"score": None, "occluded": False, "truncated": False, "track": None}
    crowd = box.category == IGNORE or (box.crowd and "crowd" in one.holds)
    category = box.category if "blanks" in one.holds else box.category.replace(" ", "_")
    if one.name == "coco_results" and box.score is None:
        kept["score"] = 1.0
    return replace(box, **{**lost, **kept}, crowd=crowd, category=category)


def _sorted(boxes):
    """By place to a ten-thousandth of a pixel, then by what they are."""
    return sorted(boxes, key=lambda b: (*(round(side, 4) for side in b.box_xywh), b.category, repr(b.score)))
