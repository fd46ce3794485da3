"""Second looks of a model at its own boxes."""

import numpy as np
import pytest

from ml.models.detector import build_detector
from ml.models.looks import predict_with_looks, tile_at
from ml.schemas import LOOKS, Category, Detection
from ml.synth import DriveSpec, render_drive
from ml.taxonomies import GDDA13

CAR = (Category("car", "car"),)


class Bright:
    """Sees the bright block of a frame as a car, surer the larger it is in its picture."""

    name, sha256, score_threshold = "bright", "0" * 64, 0.5

    def predict(self, frames, categories, **thresholds):
        return [self._boxes(frame) for frame in frames]

    def _boxes(self, frame):
        ys, xs = np.nonzero(frame.mean(axis=2) > 128)
        if not len(xs):
            return []
        x, y, width, height = float(xs.min()), float(ys.min()), float(np.ptp(xs) + 1), float(np.ptp(ys) + 1)
        score = min(1.0, 4 * width / frame.shape[1])
        return [Detection((x, y, width, height), "car", score, {"car": score})]


def block(x: int, width: int) -> np.ndarray:
    frame = np.zeros((100, 200, 3), np.uint8)
    frame[40:60, x : x + width] = 255
    return frame


def test_boxes_of_the_mirrored_frame_are_held_against_the_label_itself():
    [[found]] = predict_with_looks(Bright(), [block(20, 50)], CAR, looks={"flip"})
    assert found.evidence == {"flip": pytest.approx(1.0)}


def test_a_strip_has_its_boxes_where_they_are_in_the_frame_and_sees_them_larger():
    [[found]] = predict_with_looks(Bright(), [block(140, 30)], CAR, looks={"zoom"})
    assert found.score == pytest.approx(0.6)
    assert found.evidence["zoom"] == pytest.approx(1.0)  # 30 of 110 columns


def test_a_strip_that_cuts_a_label_says_nothing_about_it():
    left = tile_at(200, 0.0)
    cut = Detection((90.0, 40.0, 60.0, 20.0), "car", 0.9, {"car": 0.9})
    assert left.support([cut], [Detection((90.0, 40.0, 20.0, 20.0), "car", 1.0, {"car": 1.0})], 0.5) == 0
    assert left.support([], [cut], 0.5).shape == (0,)
    assert left.support([cut], [], 0.5) == 0


def test_without_looks_the_prediction_is_the_detectors_own():
    frames = [block(20, 50)]
    assert predict_with_looks(Bright(), frames, CAR, looks=()) == Bright().predict(frames, CAR)


def test_a_real_detector_keeps_its_boxes_and_tells_what_it_saw_again():
    frame = next(iter(render_drive(DriveSpec(900, 480, 270, 1.0, 1.0)))).image
    detector = build_detector("bundled:gdino-nano")
    [plain] = detector.predict([frame], GDDA13)
    [looked] = predict_with_looks(detector, [frame], GDDA13, looks=set(LOOKS))
    assert [(one.box_xywh, one.category) for one in looked] == [(one.box_xywh, one.category) for one in plain]
    assert looked
    for found in looked:
        assert set(found.evidence) == {"flip", "zoom"}
        assert all(0 <= value <= 1 for value in found.evidence.values())
    assert looked[0].evidence["flip"] > 0.5
