"""A backup comes back as it was, by digest, into another home; what is damaged or missing is named; and rows move to PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests.conftest import REPOSITORY
from tests.factories import BoxFactory, MembershipFactory
from webapp.core import backup, storage
from webapp.core.backup import backup_write
from webapp.core.rows import differences, rows_digest, tables
from webapp.labels.models import BoxEvent

embedded = pytest.mark.skipif(
    "DATABASE_URL" in os.environ or "PGHOST" in os.environ, reason="begins from the embedded database"
)


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME_FOLDER = tmp_path / "home"
    settings.HOME_FOLDER.mkdir()
    (settings.HOME_FOLDER / "secret_key").write_text("signs")
    return settings.HOME_FOLDER


@pytest.fixture
def some_rows(db):
    """A little of everything that engines may differ in: JSON, floats, times, bytes, links between rows."""
    box = BoxFactory(x=0.1 + 0.2, probs={"z": 1e-7, "a": 1.0, "é": [None, True]}, score=1 / 3)
    member = MembershipFactory(user__name="Zoë ✓")
    first = BoxEvent.objects.create(
        box=box, frame=box.frame, kind="accepted", actor=member.user, after={"b": 1, "a": 2}
    )
    BoxEvent.objects.create(box=box, frame=box.frame, kind="undone", undo_of=first)
    return storage.put_bytes(b"a picture", ".jpg")


def embedded_home(folder):
    """A home of its own with the rows of this test."""
    folder.mkdir()
    connection.ensure_connection()
    with sqlite3.connect(folder / "headway.sqlite3") as copy:
        connection.connection.backup(copy)
    return folder


def environment(home):
    """Of an operator of the embedded product."""
    ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PGHOST")}
    return {**ours, "HEADWAY_HOME": str(home)}


def run(command, home, *arguments, **variables):
    """In a process of its own, as an operator would."""
    return subprocess.run(
        [sys.executable, *command, *map(str, arguments)],
        cwd=REPOSITORY,
        env={**environment(home), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@embedded
@pytest.mark.django_db(transaction=True)
def test_a_restored_copy_equals_the_original_by_digest_and_a_damaged_one_is_named(some_rows, settings, tmp_path):
    home, folder = embedded_home(tmp_path / "home"), tmp_path / "backup"
    shutil.copytree(settings.MEDIA_ROOT, home / "media")
    (home / "secret_key").write_text("signs")
    made = run(["manage.py", "backup"], home, folder)
    assert made.returncode == 0, made.stderr
    assert differences(orjson.loads((folder / "manifest.json").read_bytes())["rows"], rows_digest("default")) == []

    fresh = tmp_path / "fresh"
    done = run(["manage.py", "restore"], fresh, folder)
    assert "are what was backed up" in done.stdout, done.stderr
    assert (fresh / "media" / some_rows).read_bytes() == b"a picture"
    assert (fresh / "secret_key").read_text() == "signs"

    (folder / "files" / some_rows).write_bytes(b"another ..")
    with sqlite3.connect(folder / "database.sqlite3") as rows:
        rows.execute("UPDATE labels_box SET x = 7")
    told = run(["manage.py", "restore"], tmp_path / "other", folder)
    assert told.returncode != 0
    assert "labels_box" in told.stderr
    assert "is damaged" in told.stderr


@pytest.mark.django_db
def test_a_home_with_people_and_a_folder_without_a_manifest_are_refused(home, some_rows, tmp_path):
    with pytest.raises(CommandError, match="no whole backup"):
        call_command("restore", tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(CommandError, match="people already"):
        call_command("restore", tmp_path)


@pytest.mark.django_db
def test_a_second_backup_writes_only_what_is_new(home, some_rows, tmp_path, monkeypatch):
    monkeypatch.setattr("webapp.core.backup._rows_out", lambda path: {})
    folder = tmp_path / "backup"
    backup_write(folder)
    before = (folder / "files" / some_rows).stat().st_mtime_ns
    storage.put_bytes(b"another picture", ".jpg")
    assert backup_write(folder)["files"] == 2
    assert (folder / "files" / some_rows).stat().st_mtime_ns == before


def test_files_are_read_several_at_once_in_lots_and_told_in_their_order(monkeypatch):
    monkeypatch.setattr(backup, "LOT", 3)
    together = threading.Barrier(3, timeout=20)

    def read(number):
        together.wait()  # passes only once three are at it at the same time
        time.sleep((9 - number) / 1000)
        return number

    assert backup._each(read, range(9)) == list(range(9))


def test_the_first_error_in_their_order_is_told_and_what_waits_never_begins():
    begun = []

    def read(number):
        begun.append(number)
        if number in (2, 5):
            time.sleep((7 - number) / 100)  # the later one fails first
            raise FileNotFoundError(f"file {number}")

    with pytest.raises(FileNotFoundError, match="file 2"):
        backup._each(read, range(5000))
    assert len(begun) < backup.LOT + backup.AT_ONCE


@pytest.mark.django_db
def test_every_damaged_file_is_named_in_the_order_of_the_store(home, monkeypatch):
    keys = [storage.put_bytes(bytes([number]) * 9, ".jpg") for number in range(20)]
    for key in keys[::2]:
        storage.local_path(key).write_bytes(b"something")
    monkeypatch.setattr(backup, "rows_digest", lambda alias: {})
    wrong = backup._wrong({"rows": {}, "files": 20})
    assert wrong == [f"{key} is damaged" for key, _ in storage.stored() if key in keys[::2]]


@embedded
@pytest.mark.django_db(transaction=True)
def test_rows_move_to_postgresql_and_are_the_same(some_rows, tmp_path):
    folder = embedded_home(tmp_path / "moving")
    moved = run(["-m", "tests.postgres", sys.executable, "-m", "tests.webapp.core.move"], folder)
    assert "tables are the same" in moved.stdout, moved.stdout + moved.stderr
    assert "next id is free" in moved.stdout, moved.stdout + moved.stderr


@pytest.mark.django_db
def test_a_changed_row_changes_the_digest_of_its_table_alone(some_rows):
    before = rows_digest("default")
    MembershipFactory()
    wrong = differences(before, rows_digest("default"))
    assert {line.split(":")[0] for line in wrong} == {"accounts_user", "accounts_workspace", "accounts_membership"}
    assert len(before) == len(tables())
