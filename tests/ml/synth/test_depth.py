"""The depth map: the ground's plane, standing things at their distance, sides that recede."""

import random

import numpy as np
import pytest

from ml.synth import DriveSpec, random_scene, render_drive
from ml.synth.camera import Camera
from ml.synth.depth import Slant, depth_map
from ml.synth.scene import Shot, render
from ml.synth.vehicles import random_vehicle
from ml.synth.weather import Lens
from ml.synth.world import Actor, random_world

CAMERA = Camera(width=640, height=384, focal_px=600, horizon_px=200, height_m=1.4)


@pytest.fixture(scope="module")
def frame():
    world = random_world(random.Random(5), length_m=1, time_of_day="day", weather="clear")
    bus = random_vehicle(random.Random(1), "bus", "rear")
    world.actors = [Actor("bus", 12.0, 3.6, 1, vehicle=bus), Actor("person", 9.0, -1.0, 2)]
    return render(world, CAMERA, Lens(random.Random(0), world), Shot(seed=0, dense=True)), bus


def test_the_ground_is_at_f_times_h_over_dy_and_the_sky_has_no_end():
    depth = depth_map(np.zeros((384, 640), np.int32), CAMERA, {}, [])
    assert depth[300, 0] == pytest.approx(600 * 1.4 / 100.5)
    assert np.isinf(depth[:200]).all()
    assert np.isfinite(depth[200:]).all()


def test_a_wall_along_the_road_recedes_by_its_projection():
    """x = 3 m to the right from 10 to 20 m: column 320 + 600 * 3 / Z."""
    ids = np.ones((384, 640), np.int32)
    depth = depth_map(ids, CAMERA, {1: 10.0}, [Slant(1, 500.0, 10.0, 410.0, 20.0)])
    for column in range(410, 500, 10):
        assert depth[50, column] == pytest.approx(600 * 3 / (column + 0.5 - 320), rel=1e-5)


def test_standing_things_are_flat_and_sides_of_vehicles_recede(frame):
    scene, bus = frame
    assert set(scene.depth[scene.ids == 2]) == {9.0}
    side = scene.depth[scene.ids == 1]
    assert side.min() == 12.0
    assert side.max() == pytest.approx(12.0 + bus.length, rel=0.05)


def test_the_same_seed_is_the_same_picture_with_and_without_depth():
    plain, dense = random_scene(5, 320, 192), random_scene(5, 320, 192, dense=True)
    assert np.array_equal(plain.image, dense.image)
    assert plain.boxes == dense.boxes
    assert plain.depth is None
    assert dense.depth.shape == (192, 320)


def test_depth_of_a_drive_agrees_with_the_distance_of_its_boxes():
    checked = 0
    for scene in render_drive(DriveSpec(4, 320, 192, 2, 3, dense=True)):
        for box in scene.boxes:
            if box.category == "sign":
                assert np.median(scene.depth[scene.ids == box.track]) == pytest.approx(box.distance_m, rel=1e-5)
                checked += 1
    assert checked
