"""Boxes stay on what they name; a change of camera moves nothing and depends on its generator alone."""

import random

import numpy as np
import pytest

from ml.data.transforms import Sample, as_another_camera, flipped, window


@pytest.fixture
def sample():
    """A red block at (10, 20), 30 x 10 px, in 100 x 60."""
    image = np.zeros((60, 100, 3), np.uint8)
    image[20:30, 10:40] = (255, 0, 0)
    return Sample(image, np.array([[10, 20, 30, 10]], np.float32), ("car",))


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
    empty = Sample(sample.image, np.zeros((0, 4), np.float32), ())
    assert flipped(window(empty, 0, 0, 50, 50)).boxes_xywh.shape == (0, 4)


def test_strength_zero_leaves_the_picture_as_it_is(sample):
    assert as_another_camera(sample.image, random.Random(0), 0.0) is sample.image


def test_another_camera_sees_the_same_scene_differently_each_time(sample):
    image = np.full((64, 96, 3), 120, np.uint8)
    first, again, other = (as_another_camera(image, random.Random(seed), 1.0) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == image.shape
    assert first.dtype == np.uint8
