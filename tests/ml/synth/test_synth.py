"""The renderer's promises: exact, inside the frame, the same bytes for the same seed."""

import random
from itertools import islice, pairwise

import numpy as np
import pytest

from ml.synth import DriveSpec, random_scene, render_drive
from ml.synth.camera import Camera
from ml.synth.scene import Shot, render
from ml.synth.truth import MIN_VISIBILITY
from ml.synth.vehicles import random_vehicle
from ml.synth.weather import Lens
from ml.synth.world import Actor, random_world
from ml.taxonomies import GDDA13

SIZE = (320, 192)
FACES = {"car_reg": "car", "car_front": "car", "car_big_reg": ("truck", "bus"), "car_big_front": ("truck", "bus")}


@pytest.fixture(scope="module")
def scenes():
    return [random_scene(seed, *SIZE) for seed in range(40)]


@pytest.fixture(scope="module")
def drive():
    return list(render_drive(DriveSpec(seed=3, width=SIZE[0], height=SIZE[1], fps=5, seconds=3)))


def test_a_row_below_the_horizon_is_at_f_times_h_over_dy():
    """Golden: f 1200, H 1.4, 84 px below the horizon -> 20.0 m (edge.md 7)."""
    camera = Camera(width=1280, height=720, focal_px=1200, horizon_px=400, height_m=1.4)
    assert camera.ground_distance(484) == pytest.approx(20.0)
    assert camera.project(0, 0, 20.0) == pytest.approx((640, 484))


def test_the_same_seed_gives_the_same_bytes():
    first, again = random_scene(11, *SIZE), random_scene(11, *SIZE)
    assert np.array_equal(first.image, again.image)
    assert first.boxes == again.boxes
    assert not np.array_equal(first.image, random_scene(12, *SIZE).image)


def test_the_same_drive_gives_the_same_bytes(drive):
    again = list(islice(render_drive(DriveSpec(seed=3, width=SIZE[0], height=SIZE[1], fps=5, seconds=3)), 4))
    assert all(np.array_equal(a.image, b.image) and a.boxes == b.boxes for a, b in zip(drive, again, strict=False))


def test_boxes_lie_inside_the_frame_and_can_be_seen(scenes):
    for scene in scenes:
        for box in scene.boxes:
            x, y, width, height = box.box_xywh
            assert x >= 0
            assert y >= 0
            assert width > 0
            assert height > 0
            assert x + width <= SIZE[0]
            assert y + height <= SIZE[1]
            assert MIN_VISIBILITY <= box.visibility <= 1


def test_every_category_appears(scenes):
    assert {box.category for scene in scenes for box in scene.boxes} == {category.name for category in GDDA13}


def test_a_face_belongs_to_a_vehicle_of_its_kind_and_lies_inside_it(scenes):
    checked = 0
    for scene in scenes:
        wholes = {box.track: box for box in scene.boxes if box.category in ("car", "truck", "bus")}
        for face in (box for box in scene.boxes if box.category in FACES):
            whole = wholes.get(face.track)
            if whole is None:
                continue
            checked += 1
            assert whole.category in FACES[face.category]
            assert face.box_xywh[0] >= whole.box_xywh[0] - 1.5
            assert face.box_xywh[0] + face.box_xywh[2] <= whole.box_xywh[0] + whole.box_xywh[2] + 1.5
    assert checked > 30


def test_what_stands_behind_is_seen_less():
    world = random_world(random.Random(5), length_m=1, time_of_day="day", weather="clear")
    car = random_vehicle(random.Random(1), "car", "rear")
    camera = Camera(width=640, height=384, focal_px=600, horizon_px=200, height_m=1.4)

    def visibility(*actors):
        world.actors = list(actors)
        frame = render(world, camera, Lens(random.Random(0), world), Shot(seed=0))
        return {box.distance_m: box.visibility for box in frame.boxes if box.category == "car"}

    behind, ahead = Actor("car", 30.0, 0.0, 1, vehicle=car), Actor("car", 15.0, 1.2, 2, vehicle=car)
    alone, together = visibility(behind), visibility(behind, ahead)
    assert alone[30.0] == 1.0
    assert together[15.0] == 1.0
    assert 0.3 <= together[30.0] < 0.9


def test_a_track_keeps_its_category_and_comes_nearer(drive):
    tracks = {}
    for frame in drive:
        for box in frame.boxes:
            if box.category == "sign":
                tracks.setdefault(box.track, []).append(box.distance_m)
    assert any(len(distances) > 3 for distances in tracks.values())
    assert all(a > b for distances in tracks.values() for a, b in pairwise(distances))


def test_the_closest_in_path_object_is_one_and_the_nearest_of_the_lane(drive):
    for frame in drive:
        chosen = {box.track for box in frame.boxes if box.cipo}
        assert len(chosen) <= 1


def test_times_follow_the_frame_rate(drive):
    assert [frame.time_ms for frame in drive] == pytest.approx([200 * index for index in range(15)])
