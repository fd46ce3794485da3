"""How everything moves: nobody drives into anybody, and what a drive shows does not depend on how often it is looked at."""

from __future__ import annotations

import math

from ml.synth.world import CLEAR_M, LANE_M, ROAD_USERS, Actor, World, apart

STEP_S = 0.1
GAP_M = 4.0
EGO_GAP_M = 6.0
BRAKING_MPS2, SPEEDING_UP_MPS2 = 5.0, 1.5
CROSSING_MPS = 0.8  # who stands in the ego's lane at the start walks on at least so fast


def settle(world: World) -> None:
    """Prepare a random world for a drive: nobody parks or rides where others drive, nobody lingers in the ego's lane."""
    world.actors = [actor for actor in apart(world.actors) if actor.v or not _blocks_traffic(actor, world)]
    for actor in world.actors:
        if actor.kind == "motorcyclist" and any(_same_path(actor, other) and other.v < 0 for other in world.actors):
            actor.v = -actor.v
        if actor.kind == "person" and abs(actor.x) < LANE_M / 2:
            actor.vx = math.copysign(max(abs(actor.vx), CROSSING_MPS), actor.vx or actor.x)


def advance(world: World, ego: Ego, seconds: float) -> None:
    """Move everything by steps of at most `STEP_S`."""
    steps = max(1, math.ceil(seconds / STEP_S - 1e-9))
    for _ in range(steps):
        _keep_apart(world)
        ego.step(world, seconds / steps)
        for actor in world.actors:
            actor.s += actor.v * seconds / steps
            actor.x += actor.vx * seconds / steps


class Ego:
    """The camera's car: it wants `cruise_mps` and brakes for whoever is in its lane."""

    def __init__(self, cruise_mps: float) -> None:
        self.s, self.v, self.cruise_mps = 0.0, cruise_mps, cruise_mps

    def step(self, world: World, seconds: float) -> None:
        wanted = min(
            [self.cruise_mps, *(_safe_speed(actor, actor.s - self.s) for actor in world.actors if self._ahead(actor))]
        )
        self.v = max(self.v - BRAKING_MPS2 * seconds, min(wanted, self.v + SPEEDING_UP_MPS2 * seconds), 0.0)
        self.s += self.v * seconds

    def _ahead(self, actor: Actor) -> bool:
        return actor.kind in ROAD_USERS and abs(actor.x) < LANE_M / 2 and actor.s > self.s


def _safe_speed(ahead: Actor, gap_m: float) -> float:
    """From which one can still brake to the speed ahead within the gap."""
    return max(0.0, ahead.v) + math.sqrt(2 * BRAKING_MPS2 * 0.6 * max(0.0, gap_m - EGO_GAP_M))


def _keep_apart(world: World) -> None:
    """Who closes in on another in its path takes that one's speed, or stops."""
    movers = [actor for actor in world.actors if actor.v and actor.kind in ROAD_USERS and actor.kind != "person"]
    for mover in movers:
        for other in world.actors:
            if other is not mover and _same_path(mover, other) and 0 <= _gap(mover, other) < GAP_M:
                follows = other.v * mover.v > 0
                mover.v = math.copysign(min(abs(mover.v), abs(other.v)), mover.v) if follows else 0.0


def _gap(mover: Actor, other: Actor) -> float:
    """Metres of free road before the mover, negative when the other is not before it."""
    if mover.v > 0:
        return other.s - (mover.s + mover.length_m)
    return mover.s - (other.s + other.length_m)


def _same_path(one: Actor, other: Actor) -> bool:
    return other.kind in ROAD_USERS and abs(one.x - other.x) < CLEAR_M


def _blocks_traffic(actor: Actor, world: World) -> bool:
    return actor.vehicle is not None and any(
        other.v and other.vehicle and _same_path(actor, other) for other in world.actors
    )
