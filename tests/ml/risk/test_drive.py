"""A whole drive: severity, reasons, missed objects."""

import pytest

from ml.risk.drive import assess_drive
from ml.risk.score import frame_risk
from ml.schemas import Category

AHEAD = (860.0, 600.0, 200.0, 200.0)
ASIDE = (100.0, 600.0, 200.0, 200.0)


def reasons(scored):
    return {signal.name: signal.sentence for signal in scored.assessment.signals}


def test_the_closest_in_path_object_is_marked_with_its_reason(box, drive):
    ahead, aside = assess_drive(drive([box(AHEAD), box(ASIDE)]))[0]
    assert ahead.assessment.cipo
    assert ahead.assessment.severity == 2.0
    assert reasons(ahead)["cipo"] == "closest in-path object"
    assert not aside.assessment.cipo
    assert aside.assessment.severity == 1.0


def test_a_small_person_is_more_severe_than_a_car(box, drive):
    person = assess_drive(drive([box((100, 600, 16, 16), "person")]))[0][0]
    assert person.assessment.severity == 1.625
    assert reasons(person)["vulnerable"] == "vulnerable road user"
    assert reasons(person)["small"] == "small: 16 x 16 px"


def test_groups_come_from_the_given_taxonomy(box, drive):
    scooter = Category("scooter", "scooter", "vulnerable")
    assert assess_drive(drive([box(ASIDE, "scooter")]))[0][0].assessment.severity == 1.0
    assert assess_drive(drive([box(ASIDE, "scooter")]), categories=[scooter])[0][0].assessment.severity == 1.5


def test_the_heaviest_signal_is_told_first(box, drive):
    low = assess_drive(drive([box(ASIDE, score=0.31)]))[0][0]
    assert low.assessment.signals[0].name == "conf"
    twice = assess_drive(drive([box(ASIDE, "car", 0.99), box(ASIDE, "bus", 0.99)]))[0][0]
    assert twice.assessment.signals[0].sentence == "a bus box overlaps it by 100%"


def test_a_candidate_that_nothing_covers_is_a_possibly_missed_object(box, drive):
    candidate = assess_drive(drive([box(ASIDE, score=0.22)]), score_scale="calibrated")[0][0]
    assert candidate.assessment.risk == pytest.approx(0.22)
    assert reasons(candidate)["missed"] == "possibly missed car: score .22, no box on it"


def test_cover_lowers_the_risk_of_a_candidate(box, drive):
    half = (100.0, 600.0, 200.0, 100.0)
    scored = assess_drive(drive([box(half), box(ASIDE, score=0.2), box(AHEAD, score=0.2)]), score_scale="calibrated")[0]
    assert scored[1].assessment.risk == pytest.approx(0.1)
    assert reasons(scored[1])["missed"] == "possibly missed car: score .20, a car box overlaps it by 50%"
    assert scored[2].assessment.risk == pytest.approx(0.2)


def test_a_candidate_between_labels_of_its_track_is_likely_a_missed_object(box, drive):
    frames = drive([box(ASIDE)], [box(ASIDE, score=0.2)], [box(ASIDE)])
    bridge = assess_drive(frames, score_scale="calibrated")[1][0]
    assert reasons(bridge)["track"] == "the same car is labelled before and after"
    assert bridge.assessment.risk == pytest.approx(1 - 0.8 * 0.6)
    assert bridge.track == 1


def test_a_candidate_takes_the_path_from_no_label(box, drive):
    nearer = (860.0, 700.0, 200.0, 200.0)
    label, candidate = assess_drive(drive([box(AHEAD), box(nearer, score=0.2)]))[0]
    assert label.assessment.cipo
    assert candidate.assessment.cipo


def test_a_box_is_not_touched_by_unrelated_boxes(box, drive):
    alone = assess_drive(drive([box(ASIDE)]))[0][0]
    far = (1500.0, 100.0, 40.0, 40.0)
    assert assess_drive(drive([box(far, "sign"), box(ASIDE)]))[0][1] == alone


def test_frame_risk_pools_its_boxes(box, drive):
    quiet, busy = assess_drive(drive([box(ASIDE)], [box(ASIDE), box(AHEAD, "person", 0.35)]))
    assert 0 < frame_risk(quiet) < frame_risk(busy) <= 1
    assert frame_risk([]) == 0
