"""Motion: nobody drives into anybody, and a drive is the same at every frame rate."""

import random
from itertools import combinations, pairwise

import pytest

from ml.synth import DriveSpec, render_drive
from ml.synth.traffic import Ego, advance, settle
from ml.synth.vehicles import random_vehicle
from ml.synth.world import LANE_M, Actor, random_world


def vehicle(s, x, v):
    return Actor("car", s, x, 1, v=v, vehicle=random_vehicle(random.Random(1), "car", "rear"))


def world_of(*actors):
    world = random_world(random.Random(1), length_m=1)
    world.actors = list(actors)
    return world


@pytest.mark.parametrize("seed", range(12))
def test_no_two_vehicles_of_a_drive_are_ever_in_one_another(seed):
    world = random_world(random.Random(seed), length_m=250)
    settle(world)
    ego = Ego(12.0)
    for _ in range(80):
        advance(world, ego, 0.1)
        for one, other in combinations([actor for actor in world.actors if actor.vehicle], 2):
            if abs(one.x - other.x) < 1.6:
                assert max(one.s, other.s) >= min(one.s + one.length_m, other.s + other.length_m) - 0.5


def test_the_ego_brakes_for_who_stands_ahead_and_never_reaches_him():
    world, ego = world_of(Actor("person", 60.0, 0.0, 1)), Ego(15.0)
    speeds = []
    for _ in range(150):
        advance(world, ego, 0.1)
        speeds.append(ego.v)
    assert 60.0 - ego.s > 4.0
    assert ego.v < 0.3
    assert all(before - after <= 0.51 for before, after in pairwise(speeds))


def test_the_ego_speeds_up_again_when_the_lane_is_free():
    world, ego = world_of(Actor("person", 30.0, 0.0, 1, vx=1.0)), Ego(12.0)
    for _ in range(200):
        advance(world, ego, 0.1)
    assert ego.v == pytest.approx(12.0)


def test_a_follower_takes_the_speed_ahead_and_oncoming_traffic_stops_before_an_obstacle():
    slow, fast = vehicle(40, 0, 5.0), vehicle(20, 0, 15.0)
    wall, oncoming = vehicle(10, -LANE_M, 0.0), vehicle(60, -LANE_M, -10.0)
    world = world_of(slow, fast, wall, oncoming)
    for _ in range(100):
        advance(world, Ego(0.0), 0.1)
    assert fast.v == 5.0
    assert fast.s + fast.length_m <= slow.s
    assert oncoming.v == 0.0
    assert oncoming.s >= wall.s + wall.length_m


def test_what_a_drive_shows_does_not_depend_on_its_frame_rate():
    slow = list(render_drive(DriveSpec(6, 160, 96, fps=1, seconds=3, shake=0.0)))
    fast = list(render_drive(DriveSpec(6, 160, 96, fps=5, seconds=3, shake=0.0)))
    for before, after in zip(slow, fast[::5], strict=True):
        assert before.time_ms == pytest.approx(after.time_ms)
        assert [(box.track, box.category) for box in before.boxes] == [(box.track, box.category) for box in after.boxes]
        assert [box.distance_m for box in before.boxes] == pytest.approx([box.distance_m for box in after.boxes])
