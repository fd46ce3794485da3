"""Tracks over the frames of a drive."""

from ml.risk.drive import assess_drive
from ml.risk.observations import FrameDetections
from ml.risk.tracking import split_shots


def tracks(frames):
    return [[scored.track for scored in frame] for frame in assess_drive(frames)]


def moving(x, width=100.0):
    return (float(x), 500.0, width, 80.0)


def test_a_moving_object_keeps_its_number_and_another_gets_its_own(box, drive):
    frames = [[box(moving(100 + 20 * k)), box(moving(1500 - 20 * k))] for k in range(4)]
    assert tracks(drive(*frames)) == [[1, 2]] * 4


def test_motion_is_extrapolated_over_a_frame_without_a_box(box, drive):
    frames = [[box(moving(100))], [box(moving(150))], [], [box(moving(250))]]
    assert tracks(drive(*frames)) == [[1], [1], [], [1]]


def test_a_box_seen_once_has_no_track(box, drive):
    assert tracks(drive([box(moving(100))], [box(moving(900))], [])) == [[None], [None], []]


def test_a_track_ends_after_three_frames_without_a_box(box, drive):
    frames = [[box(moving(100))], [box(moving(100))], [], [], [], [box(moving(100))], [box(moving(100))]]
    assert tracks(drive(*frames)) == [[1], [1], [], [], [], [2], [2]]


def test_a_candidate_continues_a_track_and_starts_none(box, drive):
    weak = box(moving(120), score=0.2)
    lone = box(moving(1500), score=0.2)
    frames = [[box(moving(100)), lone], [weak, lone], [box(moving(140)), lone]]
    assert tracks(drive(*frames)) == [[1, None]] * 3


def test_two_classes_on_one_object_continue_their_own_tracks(box, drive):
    frames = [[box(moving(100 + k), "car"), box(moving(101 + k), "truck")] for k in range(3)]
    swapped = [frame[::-1] if k == 1 else frame for k, frame in enumerate(frames)]
    assert tracks(drive(*swapped)) == [[1, 2], [2, 1], [1, 2]]


def test_a_face_never_continues_its_vehicle(box, drive):
    assert tracks(drive([box(moving(100), "car")], [box(moving(100), "car_reg")])) == [[None], [None]]


def test_tracks_end_where_the_next_clip_begins(box):
    clock = [0, 40, 0, 40, 5000]
    frames = [FrameDetections(1920, 1080, time, [box(moving(100))]) for time in clock]
    assert tracks(frames) == [[1], [1], [2], [2], [None]]


def test_a_change_of_size_is_another_camera():
    frames = [FrameDetections(1920, 1080, 0, []), FrameDetections(1280, 720, 40, [])]
    assert [len(shot.frames) for shot in split_shots(frames)] == [1, 1]


def test_no_frames_have_no_shots():
    assert split_shots([]) == []
    assert assess_drive([]) == []
