import pytest

from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections


def at(x, y=500.0):
    return (float(x), y, 100.0, 80.0)


def temporal(frames, step, position=0):
    signals = assess_drive(frames)[step][position].assessment.signals
    return next((signal for signal in signals if signal.name == "temporal"), None)


def test_constant_speed_is_no_inconsistency_even_with_uneven_frame_times(box):
    times = [0, 40, 160, 200, 240]
    frames = [FrameDetections(1920, 1080, t, [box(at(100 + t / 4))]) for t in times]
    assert all(temporal(frames, step).value == 0 for step in range(5))
    assert temporal(frames, 2).sentence == "steady over 5 frames"


def test_a_jump_is_told_in_pixels(box, drive):
    x = [100, 110, 120, 153, 140, 150, 160]
    frames = drive(*[[box(at(value))] for value in x])
    jump = temporal(frames, 3)
    assert jump.sentence == "box jumps 23 px off its course"
    assert jump.value == pytest.approx((0.23 - 0.1) / 0.4)
    assert all(temporal(frames, step).value < jump.value for step in (0, 1, 2, 4, 5, 6))


def test_an_object_leaving_the_frame_does_not_jump(box, drive):
    inside = [1700, 1760, 1820, 1880]
    frames = drive(*[[box((float(x), 500.0, min(100.0, 1920.0 - x), 80.0))] for x in inside])
    assert temporal(frames, 3).value == 0


def test_a_skipped_frame_is_told_on_both_sides(box, drive):
    frames = drive([box(at(100))], [box(at(100))], [], [box(at(100))], [box(at(100))])
    assert temporal(frames, 1).sentence == "track skips 1 frame(s) after this one"
    assert temporal(frames, 3).sentence == "track skips 1 frame(s) before this one"
    assert temporal(frames, 0).value == 0


def test_a_box_for_one_frame_only_is_doubted_less_at_long_intervals(box, drive):
    seen_once = ([], [box(at(100))], [])
    assert temporal(drive(*seen_once), 1).value == pytest.approx(0.8)
    assert temporal(drive(*seen_once, interval_ms=500), 1).value == pytest.approx(0.32)
    assert temporal(drive(*seen_once), 1).sentence == "seen in this frame only, not before or after"


def test_first_and_last_frames_have_no_other_side_to_be_missing_on(box, drive):
    frames = drive([box(at(100))], [], [box(at(900))])
    assert temporal(frames, 0).value == 0
    assert temporal(frames, 2).value == 0


def test_stills_give_no_evidence(box):
    stills = [FrameDetections(1920, 1080, 0, [box(at(100))]) for _ in range(4)]
    assert temporal(stills, 1) is None
