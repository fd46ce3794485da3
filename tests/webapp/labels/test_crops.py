"""The crops of a category: riskiest first, only what the desk would show, with the version to decide them on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import BoxFactory, MembershipFactory, ModelVersionFactory
from webapp.audit.services import claim
from webapp.footage.models import Frame
from webapp.labels.crops import _riskiest
from webapp.labels.models import Box
from webapp.labels.shown import waiting_boxes

pytestmark = pytest.mark.django_db


def crops(desk, **query):
    response = desk.client.get("/api/v1/crops/", {"category": desk.box.category_id, **query})
    assert response.status_code == 200, response.json()
    return response.json()["results"]


def ids(rows):
    return [Box.objects.get(client_id=row["box"]["client_id"]).id for row in rows]


def test_riskiest_first_and_the_unjudged_last(desk):
    unjudged = BoxFactory(frame=desk.frame, risk=None)
    missed = BoxFactory(frame=desk.frame, risk=0.9, state=Box.State.MISSED_CANDIDATE)
    calm = BoxFactory(frame=desk.frame, risk=0.1)
    assert ids(crops(desk)) == [missed.id, desk.box.id, calm.id, unjudged.id]
    assert ids(crops(desk, count=2)) == [missed.id, desk.box.id]


def test_only_what_waits_in_this_category_drive_and_workspace(desk):
    BoxFactory(frame=desk.frame, category=desk.category("bus"))
    BoxFactory(frame=desk.frame, state=Box.State.ACCEPTED)
    BoxFactory(frame=desk.frame, model_version=ModelVersionFactory(workspace=desk.frame.workspace), index=0)
    BoxFactory(category=desk.box.category)  # another workspace's
    assert ids(crops(desk)) == [desk.box.id]
    assert ids(crops(desk, drive=desk.frame.drive_id)) == [desk.box.id]
    assert ids(crops(desk, drive=desk.frame.drive_id + 1)) == []
    Frame.objects.filter(id=desk.frame.id).update(state=Frame.State.AUDITED)
    assert ids(crops(desk)) == []


def test_a_crop_can_be_decided_with_what_came_with_it(desk):
    [crop] = crops(desk)
    assert desk.send(desk.on_box("reject"), version=crop["frame"]["version"]).status_code == 200
    assert crops(desk) == []


def test_a_frame_of_somebody_else_is_named(desk, member):
    other = MembershipFactory(workspace=member.workspace)
    assert [row["held_by"] for row in crops(desk)] == [None]
    claim(workspace=member.workspace, user=other.user)
    assert [row["held_by"] for row in crops(desk)] == [str(other.user)]


def test_a_category_is_needed(desk):
    response = desk.client.get("/api/v1/crops/")
    assert (response.status_code, list(response.json()["fields"])) == (400, ["category"])


def test_the_index_gives_the_order_and_no_table_of_boxes_is_read(desk):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        waiting = waiting_boxes().filter(frame__workspace=desk.frame.workspace, category=desk.box.category_id)
        _riskiest(waiting, Box.OPEN_STATES, 100)
    assert len(queries) == 4
    if connection.vendor == "sqlite":
        for query in queries.captured_queries:
            plan = str(connection.cursor().execute(f"EXPLAIN QUERY PLAN {query['sql']}").fetchall())
            assert "labels_box USING INDEX box_category_risk" in plan
            assert "TEMP B-TREE" not in plan


def test_the_number_of_queries_does_not_grow_with_the_crops(desk):
    with CaptureQueriesContext(connection) as few:
        crops(desk)
    for _ in range(5):
        BoxFactory(frame__clip=desk.frame.clip)
    with CaptureQueriesContext(connection) as many:
        assert len(crops(desk)) == 6
    assert len(many) == len(few)
