"""The bound of a part, of several drives and of a version."""

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from webapp.audit.bound import audit_bound
from webapp.audit.sampling import sample_draw
from webapp.audit.set_bound import version_bound
from webapp.footage.models import Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db
URL = "/api/v1/audit-bound/"


@pytest.fixture
def drawn(member):
    """Makes a drive of cars and small people with a sample, all of it accepted but the people given as wrong."""

    def made(cars, people, wrong=0):
        model = ModelVersionFactory(workspace=member.workspace)
        drive = DriveFactory(workspace=member.workspace, label_model=model)
        frame = FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED)
        person = drive.taxonomy.categories.get(name="person")
        boxes = BoxFactory.create_batch(cars, frame=frame, model_version=model, width=200, height=100)
        small = BoxFactory.create_batch(people, frame=frame, model_version=model, category=person, width=10, height=20)
        sample_draw(drive=drive, created_by=member.user, seed=1)
        Box.objects.filter(id__in=[box.id for box in boxes + small[wrong:]]).update(state=Box.State.ACCEPTED)
        Box.objects.filter(id__in=[box.id for box in small[:wrong]]).update(state=Box.State.REJECTED)
        return drive

    return made


def test_a_part_has_a_bound_of_its_own_and_drives_add_up(client, drawn):
    clean, other = drawn(60, 10), drawn(30, 20, wrong=8)
    both = {"drive": [clean.id, other.id]}
    whole = client.get(URL, both).json()
    assert (whole["labels"], whole["seen"], whole["wrong"], whole["undrawn"]) == (120, 120, 8, [])
    cars = client.get(URL, {**both, "group": "vehicle", "size": "large"}).json()
    assert (cars["labels"], cars["seen"], cars["wrong"]) == (90, 90, 0)
    people = client.get(URL, {**both, "size": "small"}).json()
    assert cars["upper"] < whole["upper"] < people["upper"]
    assert people["sentence"].startswith("At most")
    assert client.get(URL, {"drive": clean.id}).json()["upper"] < cars["upper"] * 1.5
    assert client.get(URL).json() == whole


def test_a_drive_without_a_sample_leaves_it_open(client, drawn, member):
    drawn(10, 0)
    DriveFactory(workspace=member.workspace, name="Tuesday")
    told = client.get(URL).json()
    assert (told["upper"], told["undrawn"]) == (None, ["Tuesday"])
    assert "Tuesday" in told["sentence"]
    assert client.get(URL, {"light": "dim"}).status_code == 400


def test_a_version_is_told_as_its_drives_were_frozen(drawn):
    frozen = [(drive.name, audit_bound(drive)) for drive in (drawn(60, 10), drawn(30, 20, wrong=8))]
    told = version_bound(frozen)
    assert (told["labels"], told["seen"], told["wrong"], told["corrected"]) == (120, 120, 8, None)
    assert 8 / 120 < told["upper"] < 1
    assert version_bound([*frozen, ("Tuesday", None)])["upper"] is None
