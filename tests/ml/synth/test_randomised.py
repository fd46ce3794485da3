"""The randomised variant: another look, the same shapes and the same exact truth."""

import random
from itertools import pairwise

import numpy as np
import pytest

from ml.synth import DriveSpec, random_scene, render_drive
from ml.synth.canvas import extent
from ml.synth.randomised import Domain

SIZE = (320, 192)


@pytest.mark.parametrize("seed", range(8))
def test_boxes_hold_the_pixels_of_their_objects_between_shapes_that_are_nothing(seed):
    scene = random_scene(seed, *SIZE, randomised=True, dense=True)
    for box in scene.boxes:
        if box.category not in ("car", "truck", "bus", "person", "sign"):
            continue
        left, top, right, bottom = extent(scene.ids == box.track)
        x, y, width, height = box.box_xywh
        assert left >= x
        assert top >= y
        assert right <= x + width
        assert bottom <= y + height


def test_colours_and_cameras_vary_more_than_in_usual_scenes():
    def spread(randomised):
        images = [random_scene(seed, 96, 64, randomised=randomised).image for seed in range(40)]
        means = np.array([image.reshape(-1, 3).mean(0) for image in images])
        return (means - means.mean(1, keepdims=True)).std()  # of the hue, not of day and night

    assert spread(True) > 2 * spread(False)


def test_usual_scenes_are_not_touched():
    before = random_scene(9, *SIZE).image
    random_scene(9, *SIZE, randomised=True)
    assert np.array_equal(before, random_scene(9, *SIZE).image)


def test_a_drive_keeps_its_look():
    domain = Domain(random.Random(3))
    grey = (120, 130, 140)
    for seed in range(30):
        first, again = domain.paint_of(seed), domain.paint_of(seed)
        assert (first and first(grey)) == (again and again(grey))
    frames = list(render_drive(DriveSpec(12, 160, 96, fps=10, seconds=0.4, randomised=True)))
    steps = [np.abs(a.image.astype(int) - b.image).mean() for a, b in pairwise(frames)]
    others = np.abs(frames[0].image.astype(int) - random_scene(1, 160, 96, randomised=True).image).mean()
    assert max(steps) < others / 2


def test_motion_blur_smears_what_moves_and_leaves_the_truth():
    sharp = list(render_drive(DriveSpec(5, 320, 192, 5, 0.6)))[-1]
    blurred = list(render_drive(DriveSpec(5, 320, 192, 5, 0.6, shutter_s=0.05)))[-1]
    assert sharp.boxes == blurred.boxes
    edges = [np.abs(np.diff(frame.image[:, :40].astype(int), axis=1)).mean() for frame in (sharp, blurred)]
    assert edges[1] < edges[0]


def test_shaking_more_moves_the_picture_more():
    def rows(shake):
        frames = render_drive(DriveSpec(5, 320, 192, 10, 1, shake=shake))
        return np.std([frame.lanes[0][-1] for frame in frames], axis=0)

    still, usual, rough = rows(0.0), rows(1.0), rows(5.0)
    assert still == pytest.approx([0, 0], abs=1e-9)
    assert (rough > 3 * usual).all()
