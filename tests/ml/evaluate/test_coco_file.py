"""Figures on a COCO file whose pictures say themselves what is in them."""

import json

import numpy as np
import pytest
from PIL import Image

from ml.errors import BadAnnotations
from ml.evaluate.coco_file import CHUNK, evaluate_on_coco
from ml.schemas import Category, Detection

CAR, BUS = Category("car", "car"), Category("bus", "bus")
SQUARE = [10, 10, 20, 20]


@pytest.fixture
def coco(tmp_path):
    """Six black pictures, each with a car; it is painted white in the even ones. A bus is in the last."""
    truth = {"images": [], "annotations": [], "categories": [{"id": 7, "name": "car"}, {"id": 3, "name": "bus"}]}
    for number in range(1, 7):
        pixels = np.zeros((48, 64, 3), np.uint8)
        if number % 2 == 0:
            pixels[10:30, 10:30] = 255
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
        truth["images"].append({"id": number, "file_name": f"{number}.png", "width": 64, "height": 48})
        truth["annotations"].append({"id": number, "image_id": number, "category_id": 7, "bbox": SQUARE})
    truth["annotations"].append({"id": 7, "image_id": 6, "category_id": 3, "bbox": [40, 5, 12, 12]})
    return write(tmp_path, truth)


def write(folder, truth):
    path = folder / "coco.json"
    path.write_text(json.dumps(truth))
    return path


class WhiteSquares:
    """Calls a car what is white."""

    name, sha256 = "white-squares", "0" * 64

    def __init__(self):
        self.calls = []

    def predict(self, frames, categories, **_):
        self.calls.append((len(frames), [category.name for category in categories]))
        return [[Detection((10.0, 10.0, 20.0, 20.0), "car", 0.9)] if f[20, 20, 0] == 255 else [] for f in frames]


def test_half_of_the_cars_are_found(coco):
    detector = WhiteSquares()
    report = evaluate_on_coco(detector, coco, [CAR, BUS])
    assert report.per_category == {"car": pytest.approx(51 / 101), "bus": 0.0}
    assert (report.frames, report.truths, report.detections) == (6, 7, 3)
    assert detector.calls == [(CHUNK, ["car", "bus"]), (2, ["car", "bus"])]


def test_a_category_that_is_not_asked_for_has_no_truth(coco):
    report = evaluate_on_coco(WhiteSquares(), coco, [CAR, Category("tram", "tram")])
    assert report.per_category == {"car": pytest.approx(51 / 101)}
    assert report.truths == 6


def test_a_limit_draws_frames_evenly(coco):
    report = evaluate_on_coco(WhiteSquares(), coco, [CAR], limit=2)  # the first and the last
    assert (report.frames, report.truths, report.detections) == (2, 2, 1)


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda path: path.write_text("{"), "cannot be read as JSON"),
        (lambda path: path.unlink(), "cannot be read as JSON"),
        (lambda path: path.write_text("[]"), "one JSON object, not list"),
        (lambda path: (path.parent / "5.png").unlink(), "the picture '5.png' cannot be read"),
        (lambda path: (path.parent / "5.png").write_bytes(b"no picture"), "the picture '5.png' cannot be read"),
    ],
)
def test_what_cannot_be_read_is_named(coco, break_it, message):
    break_it(coco)
    with pytest.raises(BadAnnotations) as caught:
        evaluate_on_coco(WhiteSquares(), coco, [CAR])
    assert message in caught.value.detail


def test_a_file_of_other_categories_is_refused(coco):
    with pytest.raises(BadAnnotations, match="none of the categories tram; it has car, bus"):
        evaluate_on_coco(WhiteSquares(), coco, [Category("tram", "tram")])
