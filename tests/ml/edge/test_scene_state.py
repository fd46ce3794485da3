import numpy as np
import pytest
from PIL import Image, ImageFilter

from ml.edge.scene_state import SceneMeter, time_of_day
from ml.synth import DriveSpec, render_drive


def road(seed=0, level=120):
    """Something with texture everywhere, another with each seed."""
    rng = np.random.default_rng(seed)
    small = rng.integers(level - 60, level + 60, (90, 160, 3)).clip(0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((640, 360), Image.Resampling.NEAREST))


def looks(meter, images, *, kmh=50.0, wipers=False, step_ms=500.0):
    state = None
    for number, image in enumerate(images):
        state = meter.look(image, number * step_ms, kmh, wipers=wipers)
    return set(state.labels)


@pytest.mark.parametrize(("time_of_day", "weather", "label", "holds"), [
    ("night", "clear", "night", True),
    ("day", "clear", "night", False),
    ("dusk", "clear", "night", False),
    ("day", "glare", "glare", True),
    ("day", "clear", "glare", False),
])  # fmt: skip
@pytest.mark.parametrize("seed", [1000, 1002, 1004])
def test_night_and_glare_of_rendered_drives(time_of_day, weather, label, holds, seed):
    spec = DriveSpec(seed, 640, 360, fps=10, seconds=0.3, time_of_day=time_of_day, weather=weather)
    assert (label in looks(SceneMeter(), [frame.image for frame in render_drive(spec)])) is holds


@pytest.mark.parametrize(("rendered", "told"), [("day", "day"), ("dusk", "day"), ("night", "night")])
@pytest.mark.parametrize("seed", [1000, 1002])
def test_one_picture_tells_day_from_night(rendered, told, seed):
    spec = DriveSpec(seed, 640, 360, fps=10, seconds=0.1, time_of_day=rendered)
    assert {time_of_day(frame.image) for frame in render_drive(spec)} == {told}
    assert time_of_day(np.asarray(Image.fromarray(next(iter(render_drive(spec))).image).resize((320, 180)))) == told


def test_one_look_is_not_believed():
    assert looks(SceneMeter(), [np.zeros((360, 640, 3), np.uint8)] * 2) == set()


def test_a_blurred_camera_is_told_against_its_own_past():
    meter = SceneMeter()
    sharp = [road(seed) for seed in range(12)]
    assert "blur" not in looks(meter, sharp)
    blurred = [np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(14))) for image in sharp[:5]]
    assert "blur" in looks(meter, blurred)


def test_a_covered_lens_is_told_while_the_road_moves_and_not_at_a_standstill():
    covered = [image.copy() for image in (road(seed) for seed in range(30))]
    for image in covered:
        image[100:] = 90
    assert "blocked" in looks(SceneMeter(), covered)
    assert "blocked" not in looks(SceneMeter(), covered, kmh=0.0)
    assert "blocked" not in looks(SceneMeter(), [road(seed) for seed in range(30)])


def test_rain_is_the_wipers_word_and_a_frozen_picture_is_told():
    assert "rain" in looks(SceneMeter(), [road(seed) for seed in range(4)], wipers=True)
    assert "frozen" in looks(SceneMeter(), [road()] * 5)
