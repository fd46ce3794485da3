"""Boxes stay on what they name; a change of camera moves nothing and depends on its generator alone."""

import random
from dataclasses import replace

import numpy as np
import pytest

from ml.data.transforms import Sample, as_another_camera, fitted, flipped, mosaic, window


@pytest.fixture
def sample():
    """A red block at (10, 20), 30 x 10 px, in 100 x 60."""
    image = np.zeros((60, 100, 3), np.uint8)
    image[20:30, 10:40] = (255, 0, 0)
    return replace(
        Sample.certain(image, np.array([[10, 20, 30, 10]], np.float32), ("car",)),
        risk=np.array([0.7], np.float32),
        severity=np.array([2.0], np.float32),
    )


def block(image):
    """The red block's box as the pixels show it."""
    rows, columns = np.nonzero(image[..., 0])
    return [columns.min(), rows.min(), columns.max() - columns.min() + 1, rows.max() - rows.min() + 1]


def test_a_mirrored_box_stays_on_its_object(sample):
    mirrored = flipped(sample)
    assert mirrored.boxes_xywh.tolist() == [block(mirrored.image)]
    assert mirrored.boxes_xywh.tolist() == [[60, 20, 30, 10]]


def test_twice_mirrored_is_as_before(sample):
    again = flipped(flipped(sample))
    assert np.array_equal(again.image, sample.image)
    assert np.array_equal(again.boxes_xywh, sample.boxes_xywh)


def test_a_window_cuts_its_boxes_at_the_edge(sample):
    part = window(sample, 20, 10, 50, 40)
    assert part.image.shape == (40, 50, 3)
    assert part.boxes_xywh.tolist() == [block(part.image)] == [[0, 10, 20, 10]]
    assert part.names == ("car",)


def test_a_box_of_which_little_is_left_goes(sample):
    part = window(sample, 32, 0, 50, 50)  # 8 of its 30 columns
    assert part.boxes_xywh.shape == (0, 4)
    assert part.names == ()


def test_a_picture_without_boxes_may_be_cut_and_mirrored(sample):
    empty = Sample.certain(sample.image, np.zeros((0, 4), np.float32), ())
    assert flipped(window(empty, 0, 0, 50, 50)).boxes_xywh.shape == (0, 4)


@pytest.mark.parametrize(("width", "height", "zoom"), [(200, 120, 1.0), (50, 60, 1.0), (100, 60, 2.0), (64, 64, 1.6)])
def test_a_fitted_picture_has_the_size_asked_for_and_boxes_on_their_object(sample, width, height, zoom):
    seen = 0
    for seed in range(8):
        part = fitted(sample, width, height, zoom, random.Random(seed))
        assert part.image.shape == (height, width, 3)
        inside = part.image.copy()
        inside[(inside == 114).all(2)] = 0  # the border
        if len(part.names):
            assert part.boxes_xywh[0] == pytest.approx(block(np.where(inside > 100, inside, 0)), abs=2.5)
            seen += 1
    assert seen


def test_risk_and_severity_follow_their_box(sample):
    changed = [
        flipped(sample),
        window(sample, 0, 10, 50, 40),
        fitted(sample, 50, 30, 1.0, random.Random(0)),
    ]
    assert [(part.risk.tolist(), part.severity.tolist()) for part in changed] == [([pytest.approx(0.7)], [2.0])] * 3
    gone = window(sample, 60, 0, 40, 40)
    assert gone.risk.shape == gone.severity.shape == (0,)


def test_a_mosaic_holds_windows_of_four_with_their_risk(sample):
    others = [replace(sample, risk=np.array([number / 10], np.float32)) for number in range(4)]
    whole = mosaic(others, random.Random(4))
    assert whole.image.shape == sample.image.shape
    assert len(whole.names) == len(whole.boxes_xywh) == len(whole.risk) == len(whole.severity) > 0
    for x, y, width, height in whole.boxes_xywh.round().astype(int).tolist():
        assert (whole.image[y : y + height, x : x + width, 0] == 255).all()
    assert {round(float(risk), 1) for risk in whole.risk} <= {0.0, 0.1, 0.2, 0.3}


def test_strength_zero_leaves_the_picture_as_it_is(sample):
    assert as_another_camera(sample.image, random.Random(0), 0.0) is sample.image


def test_another_camera_sees_the_same_scene_differently_each_time(sample):
    image = np.full((64, 96, 3), 120, np.uint8)
    first, again, other = (as_another_camera(image, random.Random(seed), 1.0) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == image.shape
    assert first.dtype == np.uint8
