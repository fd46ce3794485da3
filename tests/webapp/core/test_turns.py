"""Writers of SQLite wait for their turn: another process's write is waited for, reads are not, and patience ends."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from tests.factories import FrameFactory, WorkspaceFactory
from webapp.accounts.models import Workspace
from webapp.core import turns
from webapp.footage.models import Frame

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has many writers"),
]


@contextmanager
def somebody_writes() -> Iterator[Callable[[], None]]:
    """Another connection that holds the write lock until it is told to let go."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other.rollback


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    def of(seconds: float) -> None:
        options = {**connection.settings_dict["OPTIONS"], "timeout": seconds}
        monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)

    return of


def renamed(id: int) -> None:
    with transaction.atomic():
        Workspace.objects.filter(id=id).update(name="new")


def updated(id: int) -> None:
    Workspace.objects.filter(id=id).update(name="new")


@pytest.mark.parametrize("write", [renamed, updated])
def test_a_write_waits_until_the_other_has_ended(write: Callable[[int], None]) -> None:
    workspace = WorkspaceFactory()
    with somebody_writes() as let_go:
        later = threading.Timer(0.1, let_go)
        later.start()
        write(workspace.id)
        later.join()
    workspace.refresh_from_db()
    assert workspace.name == "new"


@pytest.mark.parametrize("write", [renamed, updated])
def test_patience_ends(write: Callable[[int], None], patience: Callable[[float], None]) -> None:
    workspace = WorkspaceFactory(name="old")
    patience(0.05)
    with somebody_writes(), pytest.raises(OperationalError, match="locked"):
        write(workspace.id)
    workspace.refresh_from_db()
    assert workspace.name == "old"
    write(workspace.id)  # nobody was left standing at the door


def test_reading_waits_for_nobody(patience: Callable[[float], None]) -> None:
    workspace = WorkspaceFactory()
    patience(0)
    with somebody_writes():
        assert Workspace.objects.get(id=workspace.id) == workspace


def test_a_connection_that_was_made_anew_waits_once() -> None:
    workspace = WorkspaceFactory()
    for _ in range(2):
        connection.close()
        connection.ensure_connection()
    assert sum(wrapper.__module__ == turns.__name__ for wrapper in connection.execute_wrappers) == 1
    renamed(workspace.id)


def test_threads_that_all_write_lose_nothing() -> None:
    frame = FrameFactory(version=1)

    def grow() -> None:
        with closing(connection):
            for _ in range(5):
                with transaction.atomic():
                    version = Frame.objects.get(id=frame.id).version
                    Frame.objects.filter(id=frame.id).update(version=version + 1)

    threads = [threading.Thread(target=grow) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    frame.refresh_from_db()
    assert frame.version == 41


def test_a_forked_process_has_a_door_of_its_own() -> None:
    with turns._door:  # a thread of the parent stands in it
        child = os.fork()
        if not child:
            os._exit(int(turns._door.locked()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
