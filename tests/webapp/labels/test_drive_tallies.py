"""Drives are counted in parts where there are very many frames, and those that somebody works at are always right."""

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from tests.factories import DriveFactory, FrameFactory
from webapp.audit import tallies
from webapp.audit.tallies import waiting_labels
from webapp.core.planning import joined_as_written
from webapp.footage.models import Frame
from webapp.labels import drive_tallies as counted
from webapp.labels.models import BoxEvent

pytestmark = pytest.mark.django_db
OPEN, DONE = Frame.State.PRELABELLED, Frame.State.AUDITED


@pytest.fixture
def drives(workspace, monkeypatch):
    monkeypatch.setattr(counted, "COUNTED_FRAMES", 0)
    monkeypatch.setattr(counted, "COUNTED_DRIVES", 0)
    cache.clear()
    drives = [DriveFactory(workspace=workspace) for _ in range(2)]
    for drive in drives:
        FrameFactory.create_batch(2, clip__drive=drive, state=OPEN, risk=0.5)
    return drives


def test_what_nobody_works_at_stands_and_what_somebody_does_is_counted(workspace, drives, member):
    ids = [drive.id for drive in drives]
    assert counted.drive_tallies(workspace, ids) == {id: {OPEN: (2, 0.5)} for id in ids}
    for drive in drives:
        frame = Frame.objects.filter(drive=drive).first()
        Frame.objects.filter(id=frame.id).update(state=DONE, risk=0)
    BoxEvent.objects.create(frame=frame, kind=BoxEvent.Kind.FINISHED, actor=member.user)
    assert counted.drive_tallies(workspace, ids) == {
        ids[0]: {OPEN: (2, 0.5)},
        ids[1]: {OPEN: (1, 0.5), DONE: (1, 0.0)},
    }


def test_those_counted_longest_ago_come_anew_at_each_look(workspace, drives, monkeypatch):
    ids = [drive.id for drive in drives]
    counted.drive_tallies(workspace, ids)
    Frame.objects.update(state=DONE, risk=0)
    monkeypatch.setattr(counted, "COUNTED_DRIVES", 1)
    looks = [counted.drive_tallies(workspace, ids) for _ in range(2)]
    assert [sum(DONE in tally for tally in look.values()) for look in looks] == [1, 2]


def test_labels_of_many_frames_are_about_as_many_and_looked_at_once_a_minute(
    workspace, drives, monkeypatch, django_assert_num_queries
):
    frames = Frame.objects.filter(workspace=workspace)
    exact = waiting_labels(frames, 4, of="here")
    monkeypatch.setattr(tallies, "EXACT_FRAMES", 1)
    assert waiting_labels(frames, 4, of="here") == exact
    with django_assert_num_queries(0):
        assert waiting_labels(frames, 8, of="here") == (2 * exact[0], 2 * exact[1])
    assert waiting_labels(frames, 4, of="elsewhere") == exact


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a setting of PostgreSQL")
def test_joins_are_as_written_only_inside():
    def limit():
        with connection.cursor() as cursor:
            cursor.execute("SHOW join_collapse_limit")
            return cursor.fetchone()[0]

    with transaction.atomic():
        before = limit()
        with joined_as_written():
            assert limit() == "1"
        assert limit() == before
