import pytest

from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections, SecondOpinion
from ml.schemas import Detection

HERE, AWAY = (900.0, 500.0, 100.0, 80.0), (0.0, 0.0, 9.0, 9.0)


def test_the_rest_of_the_track_is_asked_and_not_the_frame_itself(box):
    opinions = [HERE, AWAY, HERE, AWAY]
    frames = [
        FrameDetections(1920, 1080, 100.0 * k, [box(HERE)], SecondOpinion([Detection(at, "car", 1.0, {"car": 1.0})]))
        for k, at in enumerate(opinions)
    ]
    found = [_of(scored[0]) for scored in assess_drive(frames)]
    assert [signal.value for signal in found] == pytest.approx([2 / 3, 1 / 3, 2 / 3, 1 / 3])
    assert found[0].sentence == "second model agrees in 1 of 3 other frames of its track"


def test_an_object_seen_once_has_no_other_frames(box):
    frame = FrameDetections(1920, 1080, 0.0, [box(HERE)], SecondOpinion([Detection(HERE, "car", 1.0, {"car": 1.0})]))
    assert _of(assess_drive([frame])[0][0]) is None


def _of(scored):
    return next((signal for signal in scored.assessment.signals if signal.name == "track_second"), None)
