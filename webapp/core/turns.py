"""Writers of SQLite wait for their turn. It has one at a time, and by itself a waiting one sleeps ever longer, up to 100 ms, and finds somebody else there.

Among a hundred people the lock then lay idle while those in need of it slept, and a second passed at p95. Here the first of each process looks every
two milliseconds, and the others stand behind it.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

LOOK_EVERY_S = 0.002
_door = threading.Lock()


def take_turns(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """On `connection_created`: a write outside a transaction, BEGIN IMMEDIATE above all, waits as above; inside of one the lock is held already."""
    if connection.vendor != "sqlite":
        return
    connection.connection.execute("PRAGMA busy_timeout = 0")
    if _executed not in connection.execute_wrappers:  # they outlive a closed connection
        connection.execute_wrappers.append(_executed)


def _executed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    connection = context["connection"]
    if connection.connection.in_transaction:
        return execute(sql, params, many, context)
    deadline = time.monotonic() + connection.settings_dict["OPTIONS"].get("timeout", 5)
    queue: AbstractContextManager[Any] = nullcontext() if sql.startswith("SELECT") else _door
    with queue:
        while True:
            try:
                return execute(sql, params, many, context)
            except OperationalError as refused:
                if not _busy(refused) or time.monotonic() > deadline:
                    raise
            time.sleep(LOOK_EVERY_S)


def _busy(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _own_door() -> None:
    """Of a forked process: whoever stood in the parent's is not here to leave it."""
    global _door
    _door = threading.Lock()


os.register_at_fork(after_in_child=_own_door)
