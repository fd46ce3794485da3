"""Exported pictures show no plate and no face where there is a box, and everything else as it was."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.factories import BoxFactory, FrameFactory
from webapp.datasets.blurring import blurred, private_regions, regions_of
from webapp.labels.models import Box
from webapp.taxonomy.models import Category


def stripes(width=160, height=90):
    """As fine as letters on a plate are."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, ::4] = pixels[:, 1::4] = 255
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="JPEG", quality=95)
    return out.getvalue()


def pixels(jpeg):
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("L"), dtype=float)


def test_a_region_is_unreadable_and_the_rest_is_as_it_was():
    before, after = (pixels(jpeg) for jpeg in (stripes(), blurred(stripes(), [(40, 20, 80, 40)])))
    detail = [np.abs(np.diff(picture[24:36, 48:72], axis=1)).mean() for picture in (before, after)]
    assert detail[0] > 100
    assert detail[1] < 8  # the edges of the blocks
    assert np.abs(before[50:] - after[50:]).mean() < 8


def test_no_word_of_the_file_goes_along():
    exif = Image.Exif()
    exif[0x9286] = "where the driver lives"
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, format="JPEG", exif=exif)
    assert b"driver" in out.getvalue()
    assert b"driver" not in blurred(out.getvalue(), [])


def box(name, group, **fields):
    category = Category(name=name, phrase=name, group=group)
    return Box(**{"category": category, "x": 10.0, "y": 10.0, "width": 40.0, "height": 100.0, **fields})


def test_a_plate_is_taken_whole_a_person_by_the_head_and_a_car_not_at_all():
    boxes = [box("licence", "part"), box("person", "vulnerable"), box("car", "vehicle")]
    whole, head = private_regions(boxes, 640, 360)
    assert (whole[3] - whole[1], head[3] - head[1]) == (126, 40)
    assert whole[1] == 0  # the margin ends at the picture's edge


def test_the_edge_of_the_picture_is_the_edge_of_a_region():
    [region] = private_regions([box("number plate", "part", x=600.0, y=300.0, height=60.0)], 640, 360)
    assert region[2:] == (640, 360)


@pytest.mark.django_db
def test_boxes_that_nobody_rejected_count_the_unsure_ones_too():
    frame = FrameFactory()
    licence = frame.drive.taxonomy.categories.get(name="licence")
    for state in ("pending", "missed_candidate", "rejected", "dismissed"):
        BoxFactory(frame=frame, category=licence, state=state)
    assert len(regions_of(frame.image_key, 640, 360)) == 2
