"""Foreign keys of many new rows checked at once, where the database lets us: one look a key instead of one a row."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models


@contextmanager
def keys_checked_together(cursor: Any, keys: Iterable[tuple[type[models.Model], set[int]]]) -> Iterator[None]:
    """Locks what the rows will name, as the database's own check of each row does, and leaves those checks out for what is written inside.

    A third of an import's time on the server went into them: four looks a box. It needs a role that may say so (a superuser, as in
    docker-compose.yml); where it may not, or where something that is named is not there, the database checks row by row as ever, and says what is
    wrong. All other constraints hold as ever.
    """
    cursor.execute("SELECT current_setting('is_superuser')")
    together = cursor.fetchone()[0] == "on" and all(_all_there(cursor, model, ids) for model, ids in keys)
    if together:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    if together:  # after an error the transaction, and the setting with it, is gone
        cursor.execute("SET LOCAL session_replication_role = origin")


def _all_there(cursor: Any, model: type[models.Model], ids: set[int]) -> bool:
    """Whether the rows are there, held so that nobody takes them away before the transaction ends."""
    if not ids:
        return True
    cursor.execute(f"SELECT id FROM {model._meta.db_table} WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(ids)])  # noqa: S608
    return len(cursor.fetchall()) == len(ids)
