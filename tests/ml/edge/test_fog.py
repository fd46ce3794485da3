"""Fog composed into rendered drives by the atmospheric scattering model, with their exact depths; clear ones and real films as negatives.

I = J t + A (1 - t), t = exp(-b d), b = 3.912 / visibility (Koschmieder's law at a contrast of 2 %).
"""

from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageFilter

from ml.edge.scene_state import SceneMeter
from ml.edge.sources import frames_of
from ml.synth import DriveSpec, render_drive

SEEDS = (1000, 1001, 1003, 1004)
AIRLIGHT = {"day": 200.0, "dusk": 130.0}


@cache
def rendered(seed, time_of_day="day", weather="clear"):
    spec = DriveSpec(seed, 480, 270, fps=10, seconds=0.1, time_of_day=time_of_day, weather=weather, dense=True)
    return next(iter(render_drive(spec)))


def in_fog(frame, visibility_m, airlight):
    passed = np.exp(-3.912 / visibility_m * np.minimum(frame.depth, 5000.0))[..., None]
    return (frame.image * passed + airlight * (1 - passed)).round().astype(np.uint8)


def labels(image, meter=None):
    meter = meter or SceneMeter()
    for look in range(4):
        state = meter.look(image, look * 500.0, 0.0)
    return set(state.labels)


@pytest.mark.parametrize("time_of_day", ["day", "dusk"])
@pytest.mark.parametrize("seed", SEEDS)
def test_fog_of_100_m_is_told_and_of_1000_m_not(seed, time_of_day):
    frame = rendered(seed, time_of_day)
    for visibility_m in (50, 100):
        assert "fog" in labels(in_fog(frame, visibility_m, AIRLIGHT[time_of_day]))
    for image in (in_fog(frame, 1000, AIRLIGHT[time_of_day]), frame.image):
        assert "fog" not in labels(image)


@pytest.mark.parametrize(("time_of_day", "weather"), [("day", "rain"), ("day", "snow"), ("day", "glare"), ("night", "clear")])  # fmt: skip
@pytest.mark.parametrize("seed", SEEDS)
def test_other_weather_and_night_are_no_fog(seed, time_of_day, weather):
    assert "fog" not in labels(rendered(seed, time_of_day, weather).image)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blurred_lens_is_no_fog_and_fog_is_no_blur(seed):
    frame = rendered(seed)
    for radius in (5, 10):
        blurred = np.asarray(Image.fromarray(frame.image).filter(ImageFilter.GaussianBlur(radius)))
        assert "fog" not in labels(blurred)
    meter = SceneMeter()
    for look in range(12):
        meter.look(frame.image, look * 500.0, 0.0)
    assert "blur" not in labels(in_fog(frame, 100, 200.0), meter)


def test_a_blank_picture_is_no_fog():
    assert "fog" not in labels(np.full((270, 480, 3), 180, np.uint8))


@pytest.mark.parametrize("name", ["highway_challenge", "highway_overtake", "highway_white_right", "night_oncoming_1080p"])  # fmt: skip
def test_real_roads_without_fog(shared_data, name):
    for frame in frames_of(str(shared_data / "video" / f"{name}.mp4"), fps=0.5):
        assert "fog" not in labels(frame.image)
        if frame.time_ms >= 2000:
            break
