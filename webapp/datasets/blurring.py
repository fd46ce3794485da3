"""Faces and number plates are made unreadable in exported pictures, where the project's own boxes say that they are.

What is taken of which box is said in `ml.data.blurring`. What no model and no person has marked stays as it is: this lowers a risk, it does not end it.
"""

import io
from collections.abc import Iterable, Iterator

from PIL import Image

from ml.data.blurring import Region, blur, private_share, top_region
from webapp.footage.models import Frame
from webapp.labels.models import Box

QUALITY = 92


def blurred(jpeg: bytes, regions: Iterable[Region]) -> bytes:
    """The picture with each region (left, top, right, bottom) reduced to a few blocks; nothing else of it is carried over, no EXIF either."""
    with Image.open(io.BytesIO(jpeg)) as still:
        image = blur(still.convert("RGB"), regions)
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
        if category is not None and (share := private_share([category.name, category.phrase], category.group)):
            yield from top_region((box.x, box.y, box.width, box.height), share, width, height)
