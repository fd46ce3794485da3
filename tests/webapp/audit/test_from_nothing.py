"""Frames that no model has labelled: lent when asked for, drawn on, finished, and safe from a model that comes later."""

import uuid

import pytest

from tests.factories import BoxFactory, ClipFactory, FrameFactory, MembershipFactory, ModelVersionFactory
from webapp.audit.selectors import remaining_count
from webapp.audit.services import claim, release
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.prelabels import PrelabelledFrame, prelabels_write
from webapp.labels.services import operations_apply

pytestmark = pytest.mark.django_db
NEW = Frame.State.NEW


@pytest.fixture
def blank(member):
    return FrameFactory.create_batch(3, clip=ClipFactory(drive__workspace=member.workspace), state=NEW)


def draw(frame, user, category=None):
    category = category or frame.drive.taxonomy.categories.get(name="car").id
    shape = {"x": 10.0, "y": 10.0, "width": 20.0, "height": 20.0}
    operation = {"id": uuid.uuid4(), "kind": "create", "box": uuid.uuid4(), "category": category, **shape}
    version = Frame.objects.get(id=frame.id).version
    operations_apply(frame=frame, operations=[operation], expected_version=version, actor=user)


def finish(frame, user):
    version = Frame.objects.get(id=frame.id).version
    operations = [{"id": uuid.uuid4(), "kind": "finish"}]
    return operations_apply(frame=frame, operations=operations, expected_version=version, actor=user)


def prelabel(frame, *, only_new):
    """A model's only box comes to the frame."""
    model = ModelVersionFactory(workspace=frame.workspace)
    frame = Frame.objects.get(id=frame.id)
    box = BoxFactory.build(frame=frame, category=frame.drive.taxonomy.categories.first(), model_version=model, index=0)
    return prelabels_write([PrelabelledFrame(frame, [box])], model=model, only_new=only_new)


def test_they_come_only_when_asked_for_in_the_order_of_the_road(api_client, member, blank):
    api_client.force_authenticate(member.user)
    assert api_client.post("/api/v1/audit/claim/", {"count": 5}, format="json").json()["frames"] == []
    body = api_client.post("/api/v1/audit/claim/", {"count": 2, "state": "new"}, format="json").json()
    assert [frame["id"] for frame in body["frames"]] == [blank[0].id, blank[1].id]
    assert (body["remaining"], body["frames"][0]["state"]) == (3, "new")


def test_two_people_get_different_ones(member, blank):
    other = MembershipFactory(workspace=member.workspace)
    mine = claim(workspace=member.workspace, user=member.user, count=2, state=NEW)
    theirs = claim(workspace=member.workspace, user=other.user, count=5, state=NEW)
    assert (mine, theirs) == ([blank[0].id, blank[1].id], [blank[2].id])


def test_given_back_undrawn_it_is_new_again(member, blank):
    [id] = claim(workspace=member.workspace, user=member.user, state=NEW)
    release(member.user, [id])
    assert Frame.objects.get(id=id).state == NEW
    assert claim(workspace=member.workspace, user=member.user, state=NEW) == [id]


def test_begun_and_left_it_still_waits_there(member, blank):
    [id] = claim(workspace=member.workspace, user=member.user, state=NEW)
    draw(blank[0], member.user)
    release(member.user, [id])
    assert Frame.objects.get(id=id).state == Frame.State.IN_AUDIT
    other = MembershipFactory(workspace=member.workspace)
    assert sorted(claim(workspace=member.workspace, user=other.user, count=5, state=NEW)) == [f.id for f in blank]


def test_drawn_and_finished_it_is_audited_and_gone_from_the_queue(member, blank):
    claim(workspace=member.workspace, user=member.user, state=NEW)
    draw(blank[0], member.user)
    assert finish(blank[0], member.user)["frame"]["state"] == "audited"
    assert remaining_count(member.workspace, member.user, drive=blank[0].drive_id, state=NEW) == 2


def test_a_road_with_nothing_on_it_can_be_finished(member, blank):
    assert finish(blank[0], member.user)["frame"]["state"] == "audited"


def test_frames_of_a_model_are_none_of_them(member, blank):
    prelabel(blank[0], only_new=True)
    claim(workspace=member.workspace, user=member.user)
    assert claim(workspace=member.workspace, user=member.user, count=5, state=NEW) == [blank[1].id, blank[2].id]


@pytest.mark.parametrize("only_new", [True, False])
@pytest.mark.parametrize("finished", [True, False])
def test_a_later_model_drops_none_of_a_persons_boxes(member, blank, only_new, finished):
    draw(blank[0], member.user)
    if finished:
        finish(blank[0], member.user)
    written = prelabel(blank[0], only_new=only_new)
    drawn = Box.objects.get(source=Box.Source.HUMAN)
    assert (drawn.state, drawn.frame_id, written) == (Box.State.ACCEPTED, blank[0].id, 0 if only_new else 1)
    expected = Frame.State.AUDITED if finished else Frame.State.IN_AUDIT
    assert Frame.objects.get(id=blank[0].id).state == expected


def test_who_draws_while_a_model_comes_is_told_and_can_draw_again(api_client, member, blank):
    """What the person had drawn before is on top of the model's boxes then; nothing is taken from either."""
    api_client.force_authenticate(member.user)
    [id] = claim(workspace=member.workspace, user=member.user, state=NEW)
    prelabel(blank[0], only_new=True)
    car = blank[0].drive.taxonomy.categories.get(name="car").id
    shape = {"x": 10, "y": 10, "width": 20, "height": 20}
    create = {"id": str(uuid.uuid4()), "kind": "create", "box": str(uuid.uuid4()), "category": car, **shape}
    path, body = f"/api/v1/frames/{id}/operations/", {"operations": [create]}
    stale = api_client.post(path, body, format="json", headers={"If-Match": '"1"'})
    assert (stale.status_code, len(stale.json()["current"]["boxes"])) == (412, 0)
    version = stale.json()["current"]["version"]
    assert api_client.post(path, body, format="json", headers={"If-Match": f'"{version}"'}).status_code == 200
    assert sorted(Frame.objects.get(id=id).boxes.values_list("source", flat=True)) == ["human", "pseudo"]


def test_the_summary_counts_them_by_drive(api_client, member, blank):
    api_client.force_authenticate(member.user)
    body = api_client.get("/api/v1/audit/summary/").json()
    [drive] = body["drives"]
    assert (body["new_frames"], drive["new_frames"], drive["open_frames"]) == (3, 3, 0)
