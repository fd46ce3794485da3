"""Places of a picture made unreadable, and which places of a box may show a face or a number plate.

A face has no box of its own: of a person on foot or on two wheels the upper part is taken. A plate is taken whole where there is a box of it; where a
detector has none, the band of a vehicle in which plates are mounted can be taken instead. People behind a windscreen are not found.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from PIL import Image

from ml.schemas import Category, Detection

Region = tuple[int, int, int, int]  # left, top, right, bottom
Box = tuple[float, float, float, float]  # x, y, width, height
PLATE = re.compile(r"licen[cs]e|plate", re.IGNORECASE)
HEAD = 0.3  # of a person's height
BAND_TOP, BAND_HEIGHT = 0.4, 0.55  # of a vehicle's height
BAND_TILES = 3  # side by side, so that no block is wider than a few letters
# A plate is about a third of a car's rear; under 13 px nobody reads it.
LEAST_VEHICLE = 40
MARGIN = 0.15
BLOCKS = 4  # what is left of a region's longer side


def blur(image: Image.Image, regions: Iterable[Region]) -> Image.Image:
    """A copy of the picture with each region reduced to a few blocks."""
    blurred = image.copy()
    for region in regions:
        _pixelate(blurred, region)
    return blurred


def detected_regions(
    found: Iterable[Detection], categories: Sequence[Category], width: int, height: int, *, bands: bool
) -> list[Region]:
    """Of what a detector found, surely or not; with `bands` of vehicles too."""
    known = {category.name: category for category in categories}
    regions: list[Region] = []
    for one in found:
        category = known[one.category]
        if share := private_share([category.name, category.phrase], category.group):
            regions += top_region(one.box_xywh, share, width, height)
        elif bands and category.group == "vehicle":
            regions += plate_band(one.box_xywh, width, height)
    return regions


def private_share(names: Iterable[str], group: str) -> float:
    """How much of a box of such a category, from its top, is private."""
    if any(PLATE.search(name) for name in names):
        return 1.0
    return HEAD if group == "vulnerable" else 0.0


def top_region(box: Box, share: float, width: int, height: int) -> Iterator[Region]:
    """The upper part of a box with a margin, as far as it is inside the picture."""
    x, y, across, tall = box[0], box[1], box[2], box[3] * share
    margins = across * MARGIN, tall * MARGIN
    yield from _inside(x - margins[0], y - margins[1], x + across + margins[0], y + tall + margins[1], width, height)


def plate_band(box: Box, width: int, height: int) -> Iterator[Region]:
    """Where a vehicle seen from the front, the rear or aslant has its plate; of a vehicle too small for a readable one nothing."""
    x, y, across, tall = box
    if across < LEAST_VEHICLE:
        return
    top, part = y + tall * BAND_TOP, across / BAND_TILES
    for tile in range(BAND_TILES):
        left = x + part * tile
        yield from _inside(left, top, left + part, top + tall * BAND_HEIGHT, width, height)


def _inside(left: float, top: float, right: float, bottom: float, width: int, height: int) -> Iterator[Region]:
    region = max(0, int(left)), max(0, int(top)), min(width, int(right) + 1), min(height, int(bottom) + 1)
    if region[2] > region[0] and region[3] > region[1]:
        yield region


def _pixelate(image: Image.Image, region: Region) -> None:
    width, height = region[2] - region[0], region[3] - region[1]
    scale = BLOCKS / max(width, height)
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    part = image.crop(region).resize(small, Image.Resampling.BOX)
    image.paste(part.resize((width, height), Image.Resampling.NEAREST), region[:2])
