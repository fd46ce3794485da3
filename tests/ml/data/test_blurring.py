"""Which places of what a detector found are taken, and that nothing can be read there afterwards."""

import numpy as np
from PIL import Image

from ml.data.blurring import LEAST_VEHICLE, blur, detected_regions
from ml.schemas import Category, Detection

CATEGORIES = (
    Category("car", "car", "vehicle"),
    Category("person", "person", "vulnerable"),
    Category("plate", "licence plate", "part"),
    Category("sign", "traffic sign", "infrastructure"),
)


def found(name, box, score=0.9):
    return Detection(box, name, score, {name: score})


def regions(*detections, bands):
    return detected_regions(detections, CATEGORIES, 640, 360, bands=bands)


def test_a_person_by_the_head_a_plate_whole_and_a_sign_not_at_all():
    [head] = regions(found("person", (100.0, 100.0, 40.0, 100.0)), bands=False)
    [plate] = regions(found("plate", (100.0, 100.0, 40.0, 10.0)), bands=False)
    assert (head[1], head[3]) == (95, 135), "with a margin"
    assert (plate[1], plate[3]) == (98, 112)
    assert regions(found("sign", (0.0, 0.0, 50.0, 50.0)), bands=True) == []


def test_a_vehicle_has_its_band_only_where_that_is_wanted_and_a_plate_could_be_read():
    near, far = found("car", (100.0, 100.0, 200.0, 100.0)), found("car", (0.0, 0.0, LEAST_VEHICLE - 1.0, 30.0))
    assert regions(near, bands=False) == [] == regions(far, bands=True)
    tiles = regions(near, bands=True)
    assert (tiles[0][0], tiles[-1][2]) == (100, 301), "from side to side"
    assert {(tile[1], tile[3]) for tile in tiles} == {(140, 196)}, "and not the windows"


def test_unsure_boxes_count():
    assert regions(found("person", (10.0, 10.0, 40.0, 100.0), score=0.1), bands=False)


def test_letters_of_a_plate_in_a_band_are_gone():
    """A plate takes about a third of a car's rear and has seven letters: stripes as fine as those are left nowhere."""
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[60:75, 70:130:6] = pixels[60:75, 71:130:6] = 255
    [*tiles] = detected_regions([found("car", (0.0, 0.0, 200.0, 100.0))], CATEGORIES, 200, 100, bands=True)
    after = np.asarray(blur(Image.fromarray(pixels), tiles), dtype=float)[60:75, 70:130, 0]
    assert after.std(axis=0).max() < 60
    assert len(np.unique(after[7].round())) <= 5


def test_the_picture_itself_is_left_as_it_was():
    image = Image.new("RGB", (64, 64), "white")
    image.putpixel((5, 5), (0, 0, 0))
    before = image.tobytes()
    blur(image, [(0, 0, 32, 32)])
    assert image.tobytes() == before
