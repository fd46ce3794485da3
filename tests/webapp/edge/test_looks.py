"""A model asked about one frame: once, by who may, and told to nobody whom it would help in a trial."""

import pytest

from tests.factories import FrameFactory, MembershipFactory, ModelLookFactory, ModelVersionFactory
from webapp.accounts.models import Membership
from webapp.edge.looks import look_create, look_settle
from webapp.edge.models import ModelLook
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
FOUND = [{"category": "car", "score": 0.9, "box": [1.0, 2.0, 30.0, 20.0]}]


def test_the_same_question_is_asked_once(client, workspace):
    frame = FrameFactory(clip__drive__workspace=workspace)
    model = ModelVersionFactory(workspace=workspace)
    first = client.post("/api/v1/model-looks/", {"frame": frame.id, "model": model.id}, format="json").json()
    assert (first["detections"], first["job"]["kind"]) == (None, "look_at_frame")
    again = client.post("/api/v1/model-looks/", {"frame": frame.id, "model": model.id}, format="json").json()
    assert (again["id"], Job.objects.count()) == (first["id"], 1)
    look_settle(ModelLook.objects.get(), FOUND, milliseconds=12.5)
    Job.objects.update(state=Job.State.SUCCEEDED)
    known = client.post("/api/v1/model-looks/", {"frame": frame.id, "model": model.id}, format="json").json()
    assert (known["id"], known["detections"], known["milliseconds"]) == (first["id"], FOUND, 12.5)
    assert client.get(f"/api/v1/model-looks/{first['id']}/").json() == known


def test_after_a_failure_it_is_asked_again():
    look = ModelLookFactory()
    first = look_create(look.frame, look.model_version, created_by=None)
    assert first.id != look.id  # that one has no job, and never will
    Job.objects.update(state=Job.State.FAILED)
    assert look_create(look.frame, look.model_version, created_by=None).id not in {look.id, first.id}


def test_anothers_frame_or_model_is_unknown(client, workspace):
    mine = {
        "frame": FrameFactory(clip__drive__workspace=workspace).id,
        "model": ModelVersionFactory(workspace=workspace).id,
    }
    for field, other in (("frame", FrameFactory().id), ("model", ModelVersionFactory().id)):
        refused = client.post("/api/v1/model-looks/", {**mine, field: other}, format="json")
        assert (refused.status_code, refused.json()["code"]) == (400, "unknown_object")
        assert list(refused.json()["fields"]) == [field]
    assert not ModelLook.objects.exists()


def test_an_annotator_does_not_hear_a_models_word_on_a_frame(client_of, workspace):
    look = ModelLookFactory(frame__clip__drive__workspace=workspace, detections=FOUND, milliseconds=1.0)
    annotator = MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR)
    assert client_of(annotator).get(f"/api/v1/model-looks/{look.id}/").status_code == 403
