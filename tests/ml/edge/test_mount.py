from math import tan

import pytest

from ml.edge.distance import MountedCamera, by_ground
from ml.edge.mount import Mount, camera_of

MEASURED = {"width": 1280, "height": 720, "focal_px": 1200.0, "height_m": 1.4}


def test_a_measured_camera_ranges_as_the_formula_says():
    camera = camera_of(Mount.from_json(MEASURED), 1280, 720)
    assert by_ground((600, 400, 80, 44), camera).metres == pytest.approx(
        1200 * 1.4 / 84
    )  # 84 px below the horizon: 20 m


def test_a_smaller_picture_of_the_same_camera_ranges_the_same():
    mount = Mount.from_json(MEASURED | {"pitch_deg": 2.0})
    whole, half = camera_of(mount, 1280, 720), camera_of(mount, 640, 360)
    assert by_ground((600, 400, 80, 44), whole).metres == pytest.approx(by_ground((300, 200, 40, 22), half).metres)


def test_a_camera_that_looks_down_has_its_horizon_higher_unless_its_row_is_known():
    down = Mount.from_json(MEASURED | {"pitch_deg": 2.0})
    assert down.camera(1280, 720).horizon_px == pytest.approx(360 - 1200 * tan(0.0349066), abs=0.01)
    assert Mount.from_json(MEASURED | {"pitch_deg": 2.0, "horizon_px": 330}).camera(1280, 720).horizon_px == 330


def test_an_unmeasured_camera_is_the_usual_one():
    assert camera_of(None, 640, 360) == MountedCamera.usual(640, 360)


@pytest.mark.parametrize("wrong", [{"height_m": 9}, {"roll": 1}, {"focal_px": "1200"}, {"focal_px": float("nan")}])
def test_what_no_camera_can_be_is_refused(wrong):
    with pytest.raises(ValueError):
        Mount.from_json(MEASURED | wrong)


def test_what_is_needed_is_asked_for():
    with pytest.raises(ValueError, match="focal_px"):
        Mount.from_json({"width": 1280, "height": 720})
