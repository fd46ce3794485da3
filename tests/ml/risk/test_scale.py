"""Scores of an uncalibrated detector as probabilities."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections
from ml.risk.scale import scaled_probs, shifted
from ml.schemas import Detection


def frames_of(scores):
    """One frame a score, with a box of that score."""
    return [
        FrameDetections(1920, 1080, 0, [Detection((900, 700, 200, 200), "car", s, {"car": s, "bus": s / 10}, s < 0.3)])
        for s in scores
    ]


def scaled(scores, scale):
    return [frame[0]["car"] for frame in scaled_probs(frames_of(scores), scale)]


def test_threshold_scale_has_its_fixed_points():
    assert scaled([0.0, 0.3, 1.0], "threshold") == pytest.approx([0, 0.5, 1])
    assert scaled([0.5, 0.8], "threshold") == pytest.approx([0.7, 0.903226], abs=1e-6)


def test_calibrated_scores_stay_as_they_are():
    assert scaled([0.1, 0.42], "calibrated") == [0.1, 0.42]


def test_rank_scale_gives_the_best_detection_one_and_candidates_less_than_the_worst():
    assert scaled([0.4, 0.3, 0.5, 0.35], "rank") == [0.75, 0.25, 1.0, 0.5]
    assert scaled([0.4, 0.2], "rank") == [1.0, 0.5]
    assert scaled([0.2], "rank") == [0.2]


@pytest.mark.parametrize("scale", ["calibrated", "threshold", "rank"])
@given(scores=st.lists(st.floats(0, 1), min_size=2, max_size=10))
def test_every_scale_keeps_the_order_and_the_range(scale, scores):
    result = scaled(scores, scale)
    assert all(0 <= value <= 1 for value in result)
    ordered = sorted(zip(scores, result, strict=True))
    assert [value for _, value in ordered] == sorted(result)


@given(st.floats(0, 1), st.floats(0.01, 0.99))
def test_shift_is_undone_by_the_opposite_threshold(score, threshold):
    assert shifted(shifted(score, threshold), 1 - threshold) == pytest.approx(score, abs=1e-9)


def test_good_boxes_of_a_low_scoring_detector_do_not_look_risky():
    """The trap of distillation.md 2.3: right boxes of a grounding detector score .3 to .6."""
    frames = frames_of([0.45, 0.5, 0.55, 0.6])
    at_face_value = [frame[0].assessment.risk for frame in assess_drive(frames, score_scale="calibrated")]
    shifted_risk = [frame[0].assessment.risk for frame in assess_drive(frames)]
    assert max(shifted_risk) < 0.05 < min(at_face_value)
    assert all(after < before / 2 for before, after in zip(at_face_value, shifted_risk, strict=True))


def test_an_unknown_scale_is_refused():
    with pytest.raises(ValueError, match="known: calibrated, threshold, rank"):
        scaled([0.5], "platt")
