"""The bound by category group, day or night, and size."""

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, ModelVersionFactory
from webapp.audit.bound import audit_bound
from webapp.audit.sampling import sample_draw
from webapp.audit.strata import size_of
from webapp.footage.light import light_of
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values

pytestmark = pytest.mark.django_db


@pytest.fixture
def drive(member):
    """Sixty large cars and twenty small people, by night."""
    drive = DriveFactory(
        workspace=member.workspace,
        time_of_day="late dusk",
        label_model=ModelVersionFactory(workspace=member.workspace),
    )
    frame = FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED)
    person = drive.taxonomy.categories.get(name="person")
    BoxFactory.create_batch(60, frame=frame, model_version=drive.label_model, width=200, height=100)
    BoxFactory.create_batch(20, frame=frame, model_version=drive.label_model, category=person, width=10, height=20)
    return drive


def rows(drive):
    return {(row["group"], row["size"]): row for row in audit_bound(drive)["strata"]}


def test_every_stratum_counts_its_own_and_adds_up(drive, member):
    assert audit_bound(drive)["strata"] == []
    sample = sample_draw(drive=drive, created_by=member.user, seed=3)
    first = list(sample.drawn.order_by("number").values_list("box", flat=True)[:40])
    Box.objects.filter(id__in=first).update(state=Box.State.ACCEPTED)
    wrong = Box.objects.filter(id__in=first, category__name="person").first()
    Box.objects.filter(id=wrong.id).update(state=Box.State.REJECTED)
    found = rows(drive)
    cars, people = found["vehicle", "large"], found["vulnerable", "small"]
    assert {row["light"] for row in found.values()} == {"night"}
    assert cars["seen"] + people["seen"] == 40
    assert cars["left"] + people["left"] == 40
    assert (cars["wrong"], people["wrong"]) == (0, 1)
    assert cars["upper"] < people["upper"]
    assert f"{people['left']} random labels left" in people["sentence"]
    assert people["sentence"].startswith(
        f"At most {people['upper'] * 100 + 0.05:.1f} % of small vulnerable labels by night"
    )


def test_a_corrected_label_counts_where_the_model_had_put_it(drive, member):
    sample = sample_draw(drive=drive, created_by=member.user, seed=3)
    box = sample.drawn.get(number=1).box
    BoxEvent.objects.create(box=box, frame=box.frame, kind=BoxEvent.Kind.PROPOSED, after=box_values(box))
    before = {key: row["seen"] + row["left"] for key, row in rows(drive).items()}
    Box.objects.filter(id=box.id).update(state=Box.State.EDITED, width=5, height=5)
    after = rows(drive)
    assert {key: row["seen"] + row["left"] for key, row in after.items()} == before
    assert sum(row["wrong"] for row in after.values()) == 1


@pytest.mark.parametrize(
    ("noted", "light"), [("", "unknown"), ("day", "day"), ("Night", "night"), ("dusk", "night"), ("noon", "day")]
)
def test_light_is_what_was_noted(noted, light):
    assert light_of(noted) == light


@pytest.mark.parametrize(("area", "size"), [(1023, "small"), (1024, "medium"), (9215, "medium"), (9216, "large")])
def test_sizes_are_cocos(area, size):
    assert size_of(area) == size
