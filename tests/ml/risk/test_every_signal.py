"""What holds for every signal in the folder; the registry says which those are."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections
from ml.risk.score import first_day_risk
from ml.risk.signal import available_signals
from ml.schemas import Detection
from ml.taxonomies import GDDA13

names = st.sampled_from([category.name for category in GDDA13])
detections = st.builds(
    lambda x, y, w, h, name, score, other, second: Detection(
        (x, y, w, h), name, score, {other: second, name: score}, candidate=score < 0.3
    ),
    st.floats(0, 1800),
    st.floats(0, 1000),
    st.floats(1, 120),
    st.floats(1, 80),
    names,
    st.floats(0, 1),
    names,
    st.floats(0, 1),
)
drives = st.lists(st.lists(detections, max_size=4), max_size=6).map(
    lambda frames: [FrameDetections(1920, 1080, 100.0 * k, boxes) for k, boxes in enumerate(frames)]
)


@pytest.mark.parametrize("signal", available_signals(), ids=lambda signal: signal.name)
@given(drive=drives)
def test_a_value_in_range_with_a_sentence(signal, drive):
    for scored in (box for frame in assess_drive(drive) for box in frame):
        for found in scored.assessment.signals:
            if found.name == signal.name:
                assert 0 <= found.value <= 1
                assert math.isfinite(found.value)
                assert found.sentence


def test_names_are_unique_and_weights_in_range():
    signals = available_signals()
    assert signals
    assert len({signal.name for signal in signals}) == len(signals)
    assert all(0 < signal.weight <= 1 for signal in signals)


@given(drives)
def test_risk_is_that_of_the_signals_shown(drive):
    weights = {signal.name: signal.weight for signal in available_signals()}
    for frame, result in zip(drive, assess_drive(drive), strict=True):
        assert [scored.detection for scored in result] == list(frame.detections)
        for scored in result:
            shown = {s.name: s.value for s in scored.assessment.signals if s.name in weights}
            if not scored.detection.candidate:
                assert scored.assessment.risk == pytest.approx(first_day_risk(shown, weights))
                assert set(shown) >= {"conf", "rivals"}


@given(drives)
def test_the_same_drive_twice_gives_the_same_answer(drive):
    assert assess_drive(drive) == assess_drive(drive)
