"""A saved question goes to the queue, into a version and into an evaluation; what is made of it keeps its own copy."""

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from tests.webapp.blind.conftest import annotator, drive, trial  # noqa: F401 - fixtures
from webapp.audit.services import claim
from webapp.datasets import services
from webapp.datasets.models import DatasetVersion
from webapp.explore.asked import Asked
from webapp.explore.services import slice_create
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.registry.models import Evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def frames(workspace):
    """Six frames of a drive, the odd ones with a bus."""
    clip = ClipFactory(drive=DriveFactory(workspace=workspace))
    made = [FrameFactory(clip=clip, index=i, state=Frame.State.PRELABELLED, risk=i / 10) for i in range(6)]
    bus = clip.drive.taxonomy.categories.get(name="bus")
    for frame in made:
        BoxFactory(frame=frame, **({"category": bus} if frame.index % 2 else {}))
    return made


@pytest.fixture
def buses(workspace, member, frames):
    asked = Asked(kind="crops", category=frames[0].drive.taxonomy.categories.get(name="bus").id)
    return slice_create(workspace=workspace, name="buses", asked=asked, created_by=member.user)


def test_it_is_shared_by_name_and_says_which_drives_it_has(client, frames):
    body = {"name": "risky", "asked": {"kind": "frames", "risk_min": 0.4, "text": ""}}
    made = client.post("/api/v1/slices/", body, format="json")
    assert (made.status_code, made.json()["asked"]) == (201, {"kind": "frames", "risk_min": 0.4} | blank(made))
    assert client.post("/api/v1/slices/", body, format="json").json()["code"] == "name_taken"
    assert client.get(f"/api/v1/slices/{made.json()['id']}/").json()["drives"] == [frames[0].drive_id]
    assert client.delete(f"/api/v1/slices/{made.json()['id']}/").status_code == 204
    assert client.get("/api/v1/slices/").json()["results"] == []


def blank(made):
    """What the question leaves open is null on the wire."""
    return {name: value for name, value in made.json()["asked"].items() if value is None}


def test_the_queue_gives_its_frames_alone(client, buses, frames):
    body = {"slice": buses.id, "count": 20}
    claimed = client.post("/api/v1/audit/claim/", body, format="json").json()
    assert [frame["id"] for frame in claimed["frames"]] == [frames[i].id for i in (5, 3, 1)]
    assert client.post("/api/v1/audit/claim/", {"slice": 999}, format="json").json()["code"] == "unknown_slice"


def test_no_blind_trial_comes_with_a_slice(workspace, member, trial, annotator):  # noqa: F811
    held = trial("ghost").frame
    made = slice_create(workspace=workspace, name="all", asked=Asked(), created_by=member.user)
    got = claim(workspace=workspace, user=annotator.user, count=20, slice=made.id)
    assert got
    assert held.id not in got
    assert not Frame.objects.filter(id__in=got, state=Frame.State.AUDITED).exists()


def test_a_version_is_cut_by_it_and_keeps_the_question(client, buses, frames, member):
    Frame.objects.update(state=Frame.State.AUDITED)
    Box.objects.update(state=Box.State.ACCEPTED)
    dataset = services.dataset_create(workspace=buses.workspace, name="set", taxonomy=frames[0].drive.taxonomy)
    body = {"drives": [{"drive": frames[0].drive_id, "split": "test"}], "override_reason": "test", "slice": buses.id}
    made = client.post(f"/api/v1/datasets/{dataset.id}/versions/", body, format="json").json()
    assert made["slice_name"] == "buses"
    buses.delete()
    version = DatasetVersion.objects.get(id=made["id"])
    version = services.version_freeze(version, lambda done, total: None)
    assert version.summary["splits"]["test"]["by_category"] == {"bus": 3}


def test_an_evaluation_is_of_its_frames(client, buses, frames, member):
    Frame.objects.update(state=Frame.State.AUDITED)
    Box.objects.update(state=Box.State.ACCEPTED)
    dataset = services.dataset_create(workspace=buses.workspace, name="set", taxonomy=frames[0].drive.taxonomy)
    places = [(frames[0].drive, "test")]
    version = services.version_create(
        dataset=dataset, drives=places, include_unaudited=False, override_reason="x", created_by=member.user
    )
    services.version_freeze(version, lambda done, total: None)
    body = {"model": ModelVersionFactory(workspace=buses.workspace).id, "dataset_version": version.id}
    made = client.post("/api/v1/evaluations/", body | {"slice": buses.id}, format="json").json()
    assert made["slice_name"] == "buses"
    evaluation = Evaluation.objects.get(id=made["id"])
    from workers.evaluation import cut, truth_of_version

    truth, rows = cut(*truth_of_version(version, None), version, evaluation.asked)
    assert [image["id"] for image in truth["images"]] == sorted(rows) == [1, 3, 5]
    assert len(truth["annotations"]) == 3
    whole = client.post("/api/v1/evaluations/", body, format="json").json()
    compared = client.post("/api/v1/evaluations/compare/", {"first": made["id"], "second": whole["id"]}, format="json")
    assert compared.json()["code"] == "not_comparable"
