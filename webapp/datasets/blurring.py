"""Faces and number plates are made unreadable in exported pictures, where the project's own boxes say that they are.

A face has no category of its own: of a person on foot or on two wheels the upper part is taken. People behind a windscreen have no box, and
are not found. What no model and no person has marked stays as it is: this lowers a risk, it does not end it.
"""

import io
import re
from collections.abc import Iterable, Iterator

from PIL import Image

from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.taxonomy.models import Category

Region = tuple[int, int, int, int]
PLATE = re.compile(r"licen[cs]e|plate", re.IGNORECASE)
HEAD = 0.3  # of a person's height
MARGIN = 0.15
BLOCKS = 4  # what is left of a region's longer side
QUALITY = 92


def blurred(jpeg: bytes, regions: Iterable[Region]) -> bytes:
    """The picture with each region (left, top, right, bottom) reduced to a few blocks; nothing else of it is carried over, no EXIF either."""
    with Image.open(io.BytesIO(jpeg)) as still:
        image = still.convert("RGB")
    for region in regions:
        _pixelate(image, region)
    out = io.BytesIO()
    image.save(out, format="JPEG", quality=QUALITY)
    return out.getvalue()


def regions_of(image_key: str, width: int, height: int) -> list[Region]:
    """Of every box that somebody or some model has drawn on this still and nobody has rejected, the unsure ones too."""
    frames = Frame.objects.filter(image_key=image_key)
    gone = (Box.State.REJECTED, Box.State.DISMISSED)
    boxes = Box.objects.filter(frame__in=frames, category__isnull=False).exclude(state__in=gone)
    return list(private_regions(boxes.select_related("category"), width, height))


def private_regions(boxes: Iterable[Box], width: int, height: int) -> Iterator[Region]:
    """With a margin, inside the picture."""
    for box in boxes:
        category = box.category
        if category is None or not (share := _share(category)):
            continue
        tall = box.height * share
        across, down = box.width * MARGIN, tall * MARGIN
        left, top = max(0, int(box.x - across)), max(0, int(box.y - down))
        right = min(width, int(box.x + box.width + across) + 1)
        bottom = min(height, int(box.y + tall + down) + 1)
        if right > left and bottom > top:
            yield left, top, right, bottom


def _share(category: Category) -> float:
    """How much of the box, from its top, is private."""
    if any(PLATE.search(name) for name in (category.name, category.phrase)):
        return 1.0
    return HEAD if category.group == Category.Group.VULNERABLE else 0.0


def _pixelate(image: Image.Image, region: Region) -> None:
    width, height = region[2] - region[0], region[3] - region[1]
    scale = BLOCKS / max(width, height)
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    part = image.crop(region).resize(small, Image.Resampling.BOX)
    image.paste(part.resize((width, height), Image.Resampling.NEAREST), region[:2])
