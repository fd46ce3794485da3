"""The closest in-path object, with the golden numbers of distillation.md section 9."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.risk.cipo import InPath, Lane, Lanes, _Path, closest_in_path

GROUPS = {
    "car": "vehicle",
    "truck": "vehicle",
    "car_reg": "part",
    "person": "vulnerable",
    "licence": "part",
    "sign": "infrastructure",
}
W, H = 1920, 1080
LEFT = Lane(0, 0, -0.6, 1300, 540, 1080)
RIGHT = Lane(0, 0, 0.6, 600, 540, 1080)


def xywh(x1, x2, y2, height=100.0):
    return (float(x1), y2 - height, float(x2 - x1), height)


def find(boxes, categories=None, **options):
    return closest_in_path(boxes, categories or ["car"] * len(boxes), GROUPS, W, H, **options)


def test_golden_triangle():
    path = _Path(W, H, 0.5, Lanes())
    assert path._triangle(1000, 0) == pytest.approx((687.407407, 1232.592593), abs=5e-7)
    assert find([xywh(600, 800, 1000)]) == InPath((0,), "triangle")  # 0.562963 of its bottom edge is inside
    assert find([xywh(500, 700, 1000)]) is None  # 0.062963


def test_golden_lanes_include_the_left_line_and_exclude_the_right():
    lanes = Lanes(LEFT, RIGHT)
    assert find([xywh(850, 950, 1000)], lanes=lanes) == InPath((0,), "lanes")
    assert find([xywh(640, 740, 1000)], lanes=lanes) is None
    assert find([xywh(650, 750, 1000)], lanes=lanes) is not None
    assert find([xywh(1150, 1250, 1000)], lanes=lanes) is None


def test_a_face_inside_its_vehicle_is_one_object_and_both_boxes_are_named():
    boxes = [xywh(800, 1100, 900, 300), xywh(820, 1080, 895, 150)]
    assert find(boxes, ["car", "car_reg"]) == InPath((1, 0), "triangle")


def test_the_nearest_wins_and_the_next_is_the_runner_up():
    boxes = [xywh(900, 1000, 700), xywh(850, 1050, 900), xywh(900, 1000, 800)]
    assert find(boxes) == InPath((1,), "triangle", runner_up=(2,))


def test_of_equals_the_first_wins():
    assert find([xywh(900, 1000, 800), xywh(910, 1010, 800)]).boxes == (0,)


def test_a_missing_line_is_put_at_the_usual_lane_width():
    far_left = xywh(100, 200, 1000)
    assert find([far_left], lanes=Lanes(right=RIGHT)) is None
    assert find([xywh(850, 950, 1000)], lanes=Lanes(right=RIGHT)) == InPath((0,), "lanes")
    assert find([xywh(850, 950, 1000)], lanes=Lanes(left=LEFT)) == InPath((0,), "lanes")


def test_lanes_are_not_believed_outside_their_fitted_rows():
    short = Lanes(Lane(0, 0, -0.6, 1300, 900, 1080), Lane(0, 0, 0.6, 600, 900, 1080))
    assert find([xywh(900, 1000, 700)], lanes=short) == InPath((0,), "triangle")


def test_people_have_a_wider_path():
    beside = xywh(560, 715, 1000)  # 27.6 of 155 px are inside; 68.5 of the path that is 15 % wider
    assert find([beside], ["car"]) is None
    assert find([beside], ["person"]) is not None
    lanes = Lanes(LEFT, RIGHT)  # 700 to 1200 at row 1000, 662.5 to 1237.5 for people
    assert find([xywh(620, 720, 1000)], ["car"], lanes=lanes) is None
    assert find([xywh(620, 720, 1000)], ["person"], lanes=lanes) is not None


@pytest.mark.parametrize("category", ["sign", "licence", "unknown"])
def test_what_is_not_on_the_road_is_never_in_the_path(category):
    assert find([xywh(900, 1000, 900)], [category]) is None


def test_nothing_above_the_horizon_counts():
    assert find([xywh(900, 1000, 530)]) is None
    assert find([]) is None


@pytest.mark.parametrize("row", [0, 1, -0.2, 1.5])
def test_the_vanishing_row_must_be_a_share(row):
    with pytest.raises(ValueError, match="vanishing_row"):
        find([xywh(900, 1000, 900)], vanishing_row=row)


boxes = st.lists(
    st.tuples(st.floats(0, 1500), st.floats(400, 900), st.floats(20, 400), st.floats(20, 180)), min_size=1, max_size=6
)
names = st.sampled_from(["car", "truck", "car_reg", "person"])


@given(boxes, st.data(), st.sampled_from([0.5, 2.0, 4.0]))
def test_scaling_everything_leaves_the_choice_unchanged(boxes, data, scale):
    categories = [data.draw(names) for _ in boxes]
    lanes = Lanes(Lane(0, 0, -0.6, 1300, 540, 1080))
    # x = c y + d in scaled pixels: the slope stays, the offset scales.
    scaled_lanes = Lanes(Lane(0, 0, -0.6, 1300 * scale, 540 * scale, 1080 * scale))
    scaled = [tuple(value * scale for value in box) for box in boxes]
    for before, after in ((None, None), (lanes, scaled_lanes)):
        first = closest_in_path(boxes, categories, GROUPS, W, H, lanes=before)
        second = closest_in_path(scaled, categories, GROUPS, W * scale, H * scale, lanes=after)
        assert first == second


@given(boxes, st.tuples(st.floats(0, 1500), st.floats(20, 400)))
def test_an_object_further_away_never_changes_the_choice(boxes, extra):
    boxes = [*boxes, (900.0, 500.0, 100.0, 200.0)]  # something is in the path
    found = find(boxes)
    nearest = max(boxes[k][1] + boxes[k][3] for k in found.boxes)
    x, width = extra
    added = find([*boxes, (x, 300.0, width, nearest - 301)])
    assert added.boxes == found.boxes


def test_the_official_rule_bounds_one_side_by_a_single_line():
    """distillation.md section 9: R only keeps what is left of it, however far; L only what is right of it."""
    oncoming, parked = xywh(100, 200, 1000), xywh(1700, 1800, 1000)
    assert find([oncoming], lanes=Lanes(right=RIGHT), official=True) == InPath((0,), "lanes")
    assert find([parked], lanes=Lanes(left=LEFT), official=True) == InPath((0,), "lanes")
    assert find([oncoming], lanes=Lanes(left=LEFT), official=True) is None
    assert find([oncoming], lanes=Lanes(right=RIGHT)) is None


def test_the_official_rule_has_the_golden_bounds_of_two_lines():
    lanes = Lanes(LEFT, RIGHT)
    inside = [find([xywh(g - 50, g + 50, 1000)], lanes=lanes, official=True) for g in (900, 690, 700, 1200)]
    assert [found is not None for found in inside] == [True, False, True, False]


def test_the_official_rule_believes_curves_everywhere_and_widens_nothing():
    short = Lanes(Lane(0, 0, -0.6, 1300, 900, 1080), Lane(0, 0, 0.6, 600, 900, 1080))
    assert find([xywh(900, 1000, 700)], lanes=short, official=True) == InPath((0,), "lanes")
    above_the_horizon = xywh(900, 1000, 640)
    assert find([above_the_horizon], lanes=short, official=True, vanishing_row=0.6) == InPath((0,), "lanes")
    assert find([above_the_horizon], lanes=short, vanishing_row=0.6) is None
    assert find([xywh(560, 715, 1000)], ["person"], official=True) is None
    assert find([xywh(600, 800, 1000)], official=True) == InPath((0,), "triangle")


def test_a_lane_through_points_is_the_curve_that_they_lie_on():
    curve = Lane(2e-7, -3e-4, 0.4, 500, 600, 1080)
    found = Lane.through([(curve.extended(y), y) for y in range(600, 1081, 40)])
    assert [found.x(y) for y in (600, 777, 1080)] == pytest.approx([curve.x(y) for y in (600, 777, 1080)])
    assert found.x(599) is None
    assert Lanes.from_json([[[700, 1000], [740, 900]], []]) == Lanes(Lane.through([[700, 1000], [740, 900]]), None)
    assert Lanes.from_json([]) is None
