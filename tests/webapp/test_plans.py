"""What people wait for reads by index: the plans of PostgreSQL for the queue, the lists, their filters and a claim hold no full scan."""

import json
import sys

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from bench import dataset_rows
from bench.dataset_rows import fill
from bench.datasets import paths
from tests.factories import UserFactory
from webapp.audit import tallies
from webapp.core.counting import count_up_to
from webapp.explore import histograms
from webapp.footage.models import Frame
from webapp.labels import drive_tallies
from webapp.labels.models import Box, BoxEvent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are PostgreSQL's"),
]
STREAMING = ("Nested Loop", "Hash Join")  # they hand on a row as soon as they have one
LARGE = {"footage_frame", "labels_box"}


@pytest.fixture
def asked(monkeypatch):
    """A workspace large enough that the planner cares, in so many drives that one is a small part of it; and a client in it."""
    monkeypatch.setattr(dataset_rows, "FRAMES_A_DRIVE", 300)
    workspace, user = fill(9_000, audited=0.5)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = APIClient()
    client.force_authenticate(user)
    drive = workspace.drives.order_by("-id").values_list("id", flat=True)[0]
    return client, paths(drive, workspace.taxonomies.get().categories.get(name="truck").id)


def scanned(queries):
    """(table, query) of every sequential scan of a large table."""
    found = []
    for query in queries:
        sql = query["sql"]
        if not any(table in sql for table in LARGE) or not sql.startswith(("SELECT", "UPDATE", "DELETE")):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql.replace('%', '%%')}", [])
            [[plans]] = cursor.fetchall()
        plans = json.loads(plans) if isinstance(plans, str) else plans
        found += [(table, sql) for table in _full(plans[0]["Plan"])]
    return found


def _full(node, *, bounded=False):
    """Scans of a large table from end to end. One right below a Limit stops once it has found enough: nothing in between sorts or counts."""
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE and not bounded:
        yield node["Relation Name"]
    below = node["Node Type"] == "Limit" or (bounded and node["Node Type"] in STREAMING)
    for child in node.get("Plans", ()):
        yield from _full(child, bounded=below)


def test_a_full_scan_would_be_seen(asked):
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM labels_box WHERE x > 17")
    assert [table for table, _ in scanned(queries.captured_queries)] == ["labels_box"]


def test_many_rows_are_counted_about_and_few_exactly(asked):
    waiting = Frame.objects.filter(state=Frame.State.PRELABELLED)
    assert count_up_to(waiting, 10_000) == waiting.count() == 4_500
    assert count_up_to(waiting, 100) == pytest.approx(4_500, rel=0.1)


def test_no_list_and_no_claim_reads_a_whole_table(asked, monkeypatch):
    client, wanted = asked
    # Of so few frames 500 are a part for which reading all is cheaper; 20 of them are what 500 are of 225,000.
    monkeypatch.setattr(histograms, "FRAMES_DRAWN", {"frames": 20, "crops": 20})
    wanted["drives"] += "?page_size=1"  # a page counts the frames of its drives, and here thirty are all
    # The summary counts every drive at its first look; from then on one of these thirty, as five of a hundred and fifty.
    monkeypatch.setattr(drive_tallies, "COUNTED_FRAMES", 1_000)
    monkeypatch.setattr(drive_tallies, "COUNTED_DRIVES", 1)
    monkeypatch.setattr(tallies, "DRAWN_FRAMES", 20)
    monkeypatch.setattr(tallies, "REMEMBERED_S", 0)  # so that it draws labels at both
    assert client.get(f"/api/v1/{wanted['summary']}").status_code == 200
    found = {}
    for name, path in wanted.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/api/v1/{path}").status_code == 200
        found[name] = scanned(queries.captured_queries)
    with CaptureQueriesContext(connection) as queries:
        assert client.post("/api/v1/audit/claim/", {"count": 1}, format="json").json()
    found["claim"] = scanned(queries.captured_queries)
    assert {name: tables for name, tables in found.items() if tables} == {}


def test_the_stock_admin_reads_and_counts_no_whole_table(asked, monkeypatch):
    """Its lists, their later pages, their searches and the filters of frames."""
    staff = Client()
    staff.force_login(UserFactory(is_staff=True, is_superuser=True))
    frame = Frame.objects.order_by("-id")[100]
    box = Box.objects.filter(frame=frame).first()
    assert box
    monkeypatch.setattr(sys.modules[__name__], "LARGE", LARGE | {"labels_boxevent"})
    boxes = Box.objects.exclude(id=box.id).values_list("id", "frame_id")[:20_000]
    BoxEvent.objects.bulk_create([BoxEvent(box_id=each, frame_id=its, kind="created") for each, its in boxes])
    event = BoxEvent.objects.create(box=box, frame=frame, kind="accepted", actor=UserFactory())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked_for = {
        Frame: [{"q": str(frame.id)}, {"q": frame.name}, {"q": frame.sha256}, {"q": frame.drive.name}],
        Box: [{"q": str(box.id)}, {"q": str(frame.id)}, {"q": str(box.client_id)}],
        BoxEvent: [{"q": str(event.id)}, {"q": event.actor.email}],
    }
    everywhere = [{}, {"p": "3"}, {"q": "no such thing"}, {"o": "0"}]
    asked_for[Frame] += [{"state__exact": "audited"}, {"workspace__id__exact": str(frame.workspace_id)}]
    found = {}
    for model, questions in asked_for.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for question in questions + everywhere:
            with CaptureQueriesContext(connection) as queries:
                answer = staff.get(address, question)
            assert answer.status_code == 200
            if question in questions and "q" in question:
                assert answer.context["cl"].result_count > 0, question
            wrong = scanned(queries.captured_queries) + counted(queries.captured_queries)
            if wrong:
                found[model.__name__, str(question)] = wrong
    assert found == {}, "\n".join(f"{page}: {wrong}" for page, wrong in found.items())


def counted(queries):
    """Counts of a large table, but for those that stop: an index alone would answer them, from end to end."""
    return [
        ("count", query["sql"])
        for query in queries
        if "COUNT(*)" in query["sql"] and "LIMIT" not in query["sql"] and any(table in query["sql"] for table in LARGE)
    ]
