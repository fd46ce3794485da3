"""A stretch of road with everything on it, in metres along the road; the camera drives through it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ml.synth.canvas import Colour
from ml.synth.vehicles import Vehicle, random_vehicle

LANE_M = 3.6
CLEAR_M = 2.2  # sideways, between the middles of two that pass each other
VEHICLES = ("car", "truck", "bus")
CLUTTER = ("clutter", "shape")  # nobody's labels
ROAD_USERS = (*VEHICLES, "person", "bicyclist", "motorcyclist")
LENGTHS_M = {"bicyclist": 1.8, "motorcyclist": 2.1, "person": 0.5}
TIMES_OF_DAY = {"day": 0.65, "dusk": 0.15, "night": 0.2}
WEATHERS = {"clear": 0.55, "rain": 0.15, "fog": 0.12, "glare": 0.12, "snow": 0.06}
SKIES: dict[str, tuple[Colour, ...]] = {
    "day": ((190, 208, 228), (205, 210, 214), (150, 185, 225), (225, 228, 230)),
    "dusk": ((180, 140, 120), (120, 120, 150)),
    "night": ((14, 16, 26), (30, 28, 30), (24, 26, 40)),
}
LIGHT = {"day": (0.75, 1.1), "dusk": (0.45, 0.7), "night": (0.16, 0.34)}
VISIBILITY_M = {"fog": (40.0, 110.0), "rain": (120.0, 300.0), "snow": (100.0, 200.0)}


@dataclass
class Actor:
    """Something with a category, or clutter. `s` metres along the road, `x` to the right; `v` and `vx` in m/s."""

    kind: str
    s: float
    x: float
    seed: int
    v: float = 0.0
    vx: float = 0.0
    vehicle: Vehicle | None = None

    @property
    def length_m(self) -> float:
        """It reaches from `s` to `s + length_m`."""
        return self.vehicle.length if self.vehicle else LENGTHS_M.get(self.kind, 0.0)

    def after(self, seconds: float) -> Actor:
        """The same, having moved on."""
        return replace(self, s=self.s + self.v * seconds, x=self.x + self.vx * seconds)


@dataclass
class World:
    """A drive's surroundings. `left` and `right` are the edges of the asphalt in metres from the ego lane's centre."""

    time_of_day: str
    weather: str
    light: float
    haze: Colour
    visibility_m: float
    lanes_left: int
    lanes_right: int
    shoulder_m: float
    curvature: float
    urban: bool
    seed: int
    actors: list[Actor] = field(default_factory=list)

    @property
    def left(self) -> float:
        return -(self.lanes_left + 0.5) * LANE_M - self.shoulder_m

    @property
    def right(self) -> float:
        return (self.lanes_right + 0.5) * LANE_M + self.shoulder_m

    @property
    def night(self) -> bool:
        return self.time_of_day == "night"


def random_world(
    rng: random.Random, *, length_m: float, time_of_day: str | None = None, weather: str | None = None
) -> World:
    """Everything within `length_m` ahead of the start, drawn from `rng` alone."""
    time_of_day = time_of_day or rng.choices(list(TIMES_OF_DAY), list(TIMES_OF_DAY.values()))[0]
    weather = weather or rng.choices(list(WEATHERS), list(WEATHERS.values()))[0]
    world = World(
        time_of_day=time_of_day,
        weather=weather,
        light=rng.uniform(*LIGHT[time_of_day]) * (0.85 if weather in ("rain", "fog") else 1.0),
        haze=rng.choice(SKIES[time_of_day]),
        visibility_m=rng.uniform(*VISIBILITY_M.get(weather, (300.0, 1200.0))),
        lanes_left=rng.choice([0, 1, 1, 2, 2]),
        lanes_right=rng.choice([0, 1, 1, 2]),
        shoulder_m=rng.uniform(0.4, 2.5),
        curvature=rng.uniform(-1, 1) * 10 ** rng.uniform(-4.5, -2.6),
        urban=rng.random() < 0.55,
        seed=rng.randrange(1 << 30),
    )
    _traffic(world, rng, length_m)
    _parked(world, rng, length_m)
    _road_users(world, rng, length_m)
    _roadside(world, rng, length_m)
    return world


def _add(
    world: World, rng: random.Random, kind: str, s: float, x: float, facing: str = "rear", **motion: float
) -> None:
    vehicle = random_vehicle(rng, kind, facing) if kind in VEHICLES else None
    world.actors.append(Actor(kind, s, x, rng.randrange(1 << 30), vehicle=vehicle, **motion))


def _traffic(world: World, rng: random.Random, length_m: float) -> None:
    for lane in range(-world.lanes_left, world.lanes_right + 1):
        oncoming = lane < 0 and rng.random() < 0.6
        speed = -rng.uniform(8, 22) if oncoming else rng.uniform(8, 24)
        s = rng.uniform(5, 30)
        while s < length_m:
            if rng.random() < 0.62:
                kind = rng.choices([*VEHICLES, "motorcyclist", "bicyclist"], [0.5, 0.17, 0.14, 0.13, 0.06])[0]
                facing = "front" if oncoming or (lane and rng.random() < 0.12) else "rear"
                _add(
                    world,
                    rng,
                    kind,
                    s,
                    lane * LANE_M + rng.uniform(-0.5, 0.5),
                    facing,
                    v=speed * rng.uniform(0.97, 1.03),
                )
            s += rng.uniform(9, 28) + min(s, 60) * 0.25


def _parked(world: World, rng: random.Random, length_m: float) -> None:
    for start in range(0, int(length_m), 60):
        if rng.random() < 0.45:
            s, x = start + rng.uniform(5, 15), rng.choice([world.left + 0.4, world.right - 0.4])
            for _ in range(rng.randrange(1, 5)):
                kind = rng.choices(["car", "truck"], [0.8, 0.2])[0]
                _add(world, rng, kind, s, x, rng.choice(["rear", "front"]))
                s += rng.uniform(6, 12)


def _road_users(world: World, rng: random.Random, length_m: float) -> None:
    """Persons in small groups and riders; thinned with distance at the start, so that a first frame shows some near."""
    for start in range(0, int(length_m), 60):
        for _ in range(rng.choices([0, 1, 2, 3, 5], [0.2, 0.3, 0.25, 0.15, 0.1])[0]):
            beside = rng.choice([world.left - rng.uniform(0.3, 3), world.right + rng.uniform(0.3, 3)])
            x = beside if rng.random() < 0.67 else rng.uniform(world.left, world.right)
            s, vx = start + _near(rng), rng.choice([0.0, rng.uniform(-1.5, 1.5)])
            for place in range(rng.choice([1, 1, 1, 2, 3])):
                _add(
                    world,
                    rng,
                    "person",
                    s + rng.uniform(0, 0.8),
                    x + place * rng.uniform(0.4, 0.8),
                    vx=vx,
                    v=rng.uniform(-1, 1),
                )
        for _ in range(rng.choices([0, 1, 2], [0.45, 0.4, 0.15])[0]):
            x = rng.choice([world.left + rng.uniform(0, 0.8), world.right - rng.uniform(0, 0.8)])
            _add(world, rng, "bicyclist", start + _near(rng), x, v=rng.uniform(2, 7))
        for _ in range(rng.choices([0, 1, 2], [0.6, 0.3, 0.1])[0]):
            _add(
                world,
                rng,
                "motorcyclist",
                start + _near(rng),
                rng.uniform(world.left, world.right),
                v=rng.uniform(8, 20),
            )


def _roadside(world: World, rng: random.Random, length_m: float) -> None:
    for start in range(0, int(length_m), 60):
        for _ in range(rng.choices([0, 1, 2, 3], [0.4, 0.25, 0.2, 0.15])[0]):
            x = rng.choice([world.left - 0.6, world.right + 0.6, rng.uniform(world.left, world.right)])
            _add(world, rng, "trafficlight", start + _near(rng), x)
        for _ in range(rng.choices([0, 1, 2, 3], [0.3, 0.35, 0.2, 0.15])[0]):
            _add(world, rng, "sign", start + _near(rng), _beside(world, rng))
        for _ in range(rng.randrange(4)):
            _add(world, rng, "clutter", start + _near(rng), _beside(world, rng))


def _beside(world: World, rng: random.Random) -> float:
    return rng.choice([world.left - rng.uniform(0.4, 2.5), world.right + rng.uniform(0.4, 2.5)])


def _near(rng: random.Random) -> float:
    return 6 + 54 * math.pow(rng.random(), 1.8)


def apart(actors: Iterable[Actor]) -> list[Actor]:
    """Without the vehicles that would stand in something farther away."""
    kept: list[Actor] = []
    for actor in sorted(actors, key=lambda actor: -actor.s):
        if actor.vehicle is None or not any(_overlap(actor, other) for other in kept):
            kept.append(actor)
    return kept


def _overlap(nearer: Actor, farther: Actor) -> bool:
    return (
        abs(nearer.x - farther.x) < CLEAR_M
        and farther.s - nearer.s < nearer.length_m + 1.5
        and farther.kind not in CLUTTER
    )
