"""Objects that nobody found, from two finders; and the queue of candidates."""

import pytest

from tests.factories import BoxFactory, ClipFactory, FrameFactory, ModelVersionFactory
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def drive(member):
    drive = ClipFactory(drive__workspace=member.workspace).drive
    drive.label_model = ModelVersionFactory(workspace=member.workspace)
    drive.save()
    return drive


def frame_of(drive, state=Frame.State.AUDITED):
    return FrameFactory(clip=drive.clips.first(), state=state)


def accepted_candidate(frame, x):
    box = BoxFactory(frame=frame, x=x, state=Box.State.ACCEPTED, model_version=frame.drive.label_model)
    before = {"state": Box.State.MISSED_CANDIDATE}
    BoxEvent.objects.create(box=box, frame=frame, kind=BoxEvent.Kind.ACCEPTED, before=before)
    return box


def test_two_finders_tell_what_both_overlooked(client, drive):
    """3 by the first, 2 by the second (one of them drawn by a person), 1 by both: 4 * 3 / 2 - 1 = 5 objects, 4 found, 1 missing."""
    frame = frame_of(drive)
    second = ModelVersionFactory(workspace=drive.workspace)
    for x in (0, 130, 260):
        accepted_candidate(frame, x)
    BoxFactory(frame=frame, x=390, source=Box.Source.HUMAN, state=Box.State.ACCEPTED, score=None)
    for x in (260, 390):
        BoxFactory(frame=frame, x=x, model_version=second, score=0.9)
    body = client.get(f"/api/v1/drives/{drive.id}/missed-estimate/").json()
    assert (body["found_first"], body["found_second"], body["found_both"]) == (3, 2, 1)
    assert body["estimate"]["missing"] == pytest.approx(1.0)
    assert body["estimate"]["lower"] < 1 < body["estimate"]["upper"]


def test_without_a_second_finder_nothing_is_claimed(client, drive):
    accepted_candidate(frame_of(drive), 0)
    body = client.get(f"/api/v1/drives/{drive.id}/missed-estimate/").json()
    assert (body["found_first"], body["second"], body["estimate"]) == (1, None, None)


def test_candidates_of_every_category_come_riskiest_first_and_are_counted(client, drive):
    frame = frame_of(drive, Frame.State.PRELABELLED)
    missed = {"frame": frame, "state": Box.State.MISSED_CANDIDATE, "model_version": drive.label_model}
    car, bus = (
        BoxFactory(risk=0.2, **missed),
        BoxFactory(risk=0.7, category=drive.taxonomy.categories.get(name="bus"), **missed),
    )
    BoxFactory(frame=frame, risk=0.9, model_version=drive.label_model)
    BoxFactory(risk=0.95, **{**missed, "model_version": ModelVersionFactory(workspace=drive.workspace)})
    crops = client.get("/api/v1/crops/", {"missed": True}).json()["results"]
    assert [crop["box"]["client_id"] for crop in crops] == [str(bus.client_id), str(car.client_id)]
    assert client.get("/api/v1/audit/summary/").json()["missed_candidates"] == 2


def test_a_category_or_missed_is_to_be_named(client, drive):
    response = client.get("/api/v1/crops/")
    assert (response.status_code, list(response.json()["fields"])) == (400, ["category"])
