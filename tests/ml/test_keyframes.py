"""Boxes between key frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.keyframes import interpolated

START, END = (0.0, 0.0, 10.0, 10.0), (100.0, 50.0, 30.0, 20.0)


def test_a_quarter_of_the_time_is_a_quarter_of_the_way():
    """By hand: 0 + (100 - 0) / 4, 0 + (50 - 0) / 4, 10 + (30 - 10) / 4, 10 + (20 - 10) / 4; the page's own has the same."""
    assert interpolated([(0.0, START), (400.0, END)], 100.0) == (25.0, 12.5, 15.0, 12.5)


@pytest.mark.parametrize("time_ms", [-1.0, 401.0])
def test_nothing_is_guessed_beyond_the_keys(time_ms):
    assert interpolated([(0.0, START), (400.0, END)], time_ms) is None
    assert interpolated([], time_ms) is None


def test_one_key_is_itself_alone():
    assert interpolated([(5.0, END)], 5.0) == END
    assert interpolated([(5.0, END)], 5.1) is None


place, side = st.integers(0, 500), st.integers(1, 500)
box = st.tuples(place, place, side, side)
keys = st.lists(st.tuples(st.integers(0, 100), box), min_size=1, max_size=6, unique_by=lambda key: key[0])


@given(keys=keys.map(sorted), time_ms=st.integers(0, 100))
def test_what_lies_between_boxes_inside_a_frame_lies_inside_it(keys, time_ms):
    found = interpolated(keys, time_ms)
    if found is None:
        assert not keys[0][0] <= time_ms <= keys[-1][0]
        return
    x, y, width, height = found
    assert min(x, y) >= 0
    assert min(width, height) > 0.999
    assert max(x + width, y + height) <= 1000 + 1e-6


@given(keys=keys.map(sorted))
def test_every_key_is_kept_exactly(keys):
    assert [interpolated(keys, time) for time, _ in keys] == [box for _, box in keys]
