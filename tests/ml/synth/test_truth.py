"""Boxes, faces, visibility, lanes and the closest in-path object against the pixels, over seeds."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.synth import random_scene
from ml.synth.camera import Camera
from ml.synth.canvas import extent
from ml.synth.scene import Shot, random_camera, render
from ml.synth.vehicles import random_vehicle
from ml.synth.weather import Lens
from ml.synth.world import LANE_M, VEHICLES, Actor, apart, random_world

WIDTH, HEIGHT = 320, 192
seeds = st.integers(min_value=0, max_value=2**40)
few = settings(max_examples=25, deadline=None, derandomize=True)
CAMERA = Camera(width=640, height=384, focal_px=600, horizon_px=200, height_m=1.4)


def scene_parts(seed):
    """World, camera and a lens without a bonnet, as random_scene draws them."""
    rng = random.Random(seed)
    world = random_world(rng, length_m=110)
    world.actors = apart(world.actors)
    camera, lens = random_camera(rng, world, WIDTH, HEIGHT), Lens(rng, world)
    lens.bonnet = 1.0
    return world, camera, lens


def alone(world, track):
    """The same world with one actor; the others are far behind and keep their numbers."""
    others = [actor if place == track else replace(actor, s=-1e6) for place, actor in enumerate(world.actors, 1)]
    return replace(world, actors=others)


@few
@given(seeds, st.booleans())
def test_boxes_are_inside_and_positive_and_no_part_comes_twice(seed, randomised):
    scene = random_scene(seed, WIDTH, HEIGHT, randomised=randomised)
    assert len({(box.track, box.category) for box in scene.boxes}) == len(scene.boxes)
    for box in scene.boxes:
        x, y, width, height = box.box_xywh
        assert min(x, y) >= 0
        assert min(width, height) > 0
        assert x + width <= WIDTH
        assert y + height <= HEIGHT
        assert box.truncated == (x == 0 or y == 0 or x + width == WIDTH or y + height == HEIGHT)


@few
@given(seeds, st.booleans())
def test_the_same_seed_gives_the_same_bytes_and_another_others(seed, randomised):
    first, again, other = (random_scene(s, WIDTH, HEIGHT, randomised=randomised) for s in (seed, seed, seed + 1))
    assert np.array_equal(first.image, again.image)
    assert first.boxes == again.boxes
    assert not np.array_equal(first.image, other.image)


@few
@given(seeds)
def test_an_object_that_hides_behind_nothing_fills_its_box_and_no_other_leaves_it(seed):
    world, camera, lens = scene_parts(seed)
    frame = render(world, camera, lens, Shot(seed, dense=True))
    for box in frame.boxes:
        if box.category != world.actors[box.track - 1].kind:
            continue
        left, top, right, bottom = extent(frame.ids == box.track)
        x, y, width, height = box.box_xywh
        assert (left >= x, top >= y, right <= x + width, bottom <= y + height) == (True,) * 4
        if box.visibility == 1.0:
            assert (left, top, right, bottom) == (x, y, x + width, y + height)


@few
@given(seeds)
def test_visibility_is_the_share_of_the_pixels_that_the_object_shows_when_it_is_alone(seed):
    world, camera, lens = scene_parts(seed)
    frame = render(world, camera, lens, Shot(seed, dense=True))
    wholes = [box for box in frame.boxes if box.category == world.actors[box.track - 1].kind]
    for box in wholes[:6]:
        free = render(alone(world, box.track), camera, lens, Shot(seed, dense=True))
        shown, own = (int((ids == box.track).sum()) for ids in (frame.ids, free.ids))
        assert box.visibility == pytest.approx(shown / own)


@few
@given(seeds)
def test_faces_and_plates_lie_inside_their_vehicle(seed):
    scene = random_scene(seed, WIDTH, HEIGHT)
    wholes = {box.track: box.box_xywh for box in scene.boxes if box.category in VEHICLES}
    for box in scene.boxes:
        if box.category in VEHICLES or box.track not in wholes:
            continue
        x, y, width, height = box.box_xywh
        whole_x, whole_y, whole_width, whole_height = wholes[box.track]
        assert x >= whole_x
        assert y >= whole_y
        assert x + width <= whole_x + whole_width + 1e-9
        assert y + height <= whole_y + whole_height + 1e-9


def frame_of(*actors, bonnet=1.0, dense=False):
    world = random_world(random.Random(5), length_m=1, time_of_day="day", weather="clear")
    world.actors = list(actors)
    lens = Lens(random.Random(0), world)
    lens.bonnet = bonnet
    return render(world, CAMERA, lens, Shot(seed=0, dense=dense))


def vehicle(kind, s, x, facing="rear"):
    return Actor(kind, s, x, 1, vehicle=random_vehicle(random.Random(1), kind, facing))


def test_the_closest_in_path_object_is_the_nearest_whose_foot_is_in_the_lane():
    frame = frame_of(vehicle("car", 30, 0.5), vehicle("car", 18, 0.0), vehicle("car", 10, LANE_M))
    assert {box.distance_m for box in frame.boxes if box.cipo} == {18}
    assert {"car", "car_reg", "licence"} >= {box.category for box in frame.boxes if box.cipo} > {"car"}


def test_a_long_vehicle_beside_is_not_in_the_path_although_its_cut_box_reaches_into_the_lane():
    frame = frame_of(vehicle("bus", 4.0, -3.4), vehicle("car", 25, 0.0))
    assert {box.distance_m for box in frame.boxes if box.cipo} == {25}
    assert [box.truncated for box in frame.boxes if box.category == "bus"] == [True]


def test_an_empty_lane_has_no_closest_object():
    assert not any(box.cipo for box in frame_of(vehicle("car", 15, LANE_M), Actor("sign", 20, 0.0, 3)).boxes)


def test_a_vehicle_beside_the_camera_is_still_seen_by_its_side():
    [bus] = frame_of(vehicle("bus", -2.0, -3.4)).boxes
    assert (bus.category, bus.distance_m, bus.truncated) == ("bus", 0.0, True)
    assert bus.box_xywh[0] == 0


def test_what_the_bonnet_covers_does_not_show():
    person = Actor("person", 5.0, 0.0, 1)
    [free], covered = frame_of(person).boxes, frame_of(person, bonnet=0.7).boxes
    assert covered[0].visibility < free.visibility == 1.0
    assert covered[0].box_xywh == free.box_xywh
    assert not frame_of(person, bonnet=0.55).boxes


def test_a_pole_before_an_object_hides_it():
    light = next(s for s in range(99) if frame_of(Actor("trafficlight", 8.0, 0.0, s), dense=True).ids[300, 320] == -1)
    pole, car = Actor("trafficlight", 8.0, 0.0, light), vehicle("car", 25, 0.0)
    shown = {box.category: box.visibility for box in frame_of(pole, car).boxes}
    assert shown["trafficlight"] == 1.0
    assert 0.5 <= shown["car"] < 0.95


@pytest.mark.parametrize("curvature", [-0.002, 0.0, 0.002])
def test_lane_curves_run_along_the_painted_lines(curvature):
    world = random_world(random.Random(3), length_m=1, time_of_day="day", weather="clear")
    world.actors, world.curvature, world.lanes_left, world.lanes_right = [], curvature, 0, 0
    camera = replace(CAMERA, curvature=curvature, width=960, height=576, focal_px=900, horizon_px=300)
    lens = Lens(random.Random(0), world)
    lens.noise = lens.blur_px = 0.0
    lens.bonnet = 1.0
    frame = render(world, camera, lens, Shot(seed=0))
    grey = frame.image.mean(2)
    brighter, seen = 0, 0
    for lane in frame.lanes:
        for x, y in lane:
            column, row, beside = int(x), int(y), max(4, round((y - 300) * 0.35 / 1.4))  # 0.35 m
            if column < beside + 20 or column + beside >= 940 or not 305 < row < 576:
                continue
            seen += 1
            brighter += grey[row, column] > max(grey[row, column - beside], grey[row, column + beside]) + 5
    assert seen >= 20
    assert brighter >= 0.9 * seen
