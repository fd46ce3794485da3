"""4:2:0: known colours, what is lost, and what is refused."""

import numpy as np
import pytest

from ml.export.camera import nv12_of, rgb_of
from ml.synth import random_scene


@pytest.mark.parametrize(
    ("rgb", "luma", "cb", "cr"),
    [
        ((255, 255, 255), 255, 128, 128),
        ((0, 0, 0), 0, 128, 128),
        ((255, 0, 0), 76, 85, 255),
        ((0, 255, 0), 150, 44, 21),
        ((0, 0, 255), 29, 255, 107),
    ],
)
def test_known_colours(rgb, luma, cb, cr):
    """BT.601 full range, as in JPEG."""
    frame = np.full((4, 6, 3), rgb, np.uint8)
    nv12 = nv12_of(frame)
    assert nv12.shape == (6, 6)
    assert np.abs(nv12[:4].astype(int) - luma).max() <= 1
    assert np.abs(nv12[4:].reshape(2, 3, 2).astype(int) - [cb, cr]).max() <= 1
    assert np.abs(rgb_of(nv12).astype(int) - rgb).max() <= 2


def test_a_grey_picture_comes_back_as_it_was():
    grey = np.random.default_rng(0).integers(0, 256, (32, 48, 1), dtype=np.uint8).repeat(3, 2)
    assert np.abs(rgb_of(nv12_of(grey)).astype(int) - grey).max() <= 1


def test_a_scene_loses_little():
    scene = random_scene(1, 160, 96).image
    assert np.abs(rgb_of(nv12_of(scene)).astype(float) - scene).mean() < 6


def test_odd_sides_are_refused():
    with pytest.raises(ValueError, match="even sides"):
        nv12_of(np.zeros((3, 4, 3), np.uint8))
    with pytest.raises(ValueError, match="no NV12"):
        rgb_of(np.zeros((4, 4), np.uint8))
