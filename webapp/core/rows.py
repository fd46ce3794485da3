"""All rows of a database: copied to another one, whichever engines the two have, and compared by digest."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction

BATCH = 1000
Digest = dict[str, dict[str, Any]]


def attach(alias: str, config: dict[str, Any]) -> None:
    """Another database beside the product's own, for this process."""
    base = connections["default"].settings_dict
    settings = {name: value for name, value in base.items() if name not in ("OPTIONS", "TEST")}
    settings |= {"OPTIONS": {}, "TEST": base["TEST"], **config}
    connections.settings[alias] = settings


def tables() -> list[type[models.Model]]:
    """Every table that Django knows, those of many-to-many relations included."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return sorted((model for model in found if not model._meta.proxy), key=lambda model: model._meta.db_table)


def rows_copy(source: str, target: str) -> Digest:
    """Into a target of the same schema whose rows are dropped first; the digest of what is there then.

    One transaction: the target has all of it or what it had before. Keys into other tables are looked at when it ends.
    """
    call_command("migrate", database=target, interactive=False, verbosity=0)
    call_command("flush", database=target, interactive=False, verbosity=0, inhibit_post_migrate=True)
    connection = connections[target]
    with transaction.atomic(using=target), connection.constraint_checks_disabled(), _no_clock():
        for model in tables():
            _copy_table(model, source, target)
        connection.check_constraints()
        _reset_numbers(target)
    return rows_digest(target)


def rows_digest(alias: str) -> Digest:
    """Table -> how many rows, and a sha256 over all of them in the order of their keys. The same rows give the same on any engine."""
    return {model._meta.db_table: _table_digest(model, alias) for model in tables()}


def differences(first: Digest, second: Digest) -> list[str]:
    """What the two do not agree on, a line a table."""
    names = sorted(first.keys() | second.keys())
    return [
        f"{name}: {first.get(name)} and {second.get(name)}" for name in names if first.get(name) != second.get(name)
    ]


def _copy_table(model: type[models.Model], source: str, target: str) -> None:
    rows = model._base_manager.using(source).order_by("pk").iterator(chunk_size=BATCH)
    batch: list[models.Model] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            model._base_manager.using(target).bulk_create(batch)
            batch = []
    model._base_manager.using(target).bulk_create(batch)


def _table_digest(model: type[models.Model], alias: str) -> dict[str, Any]:
    names = [field.attname for field in model._meta.concrete_fields]
    digest, count = hashlib.sha256(), 0
    for row in model._base_manager.using(alias).order_by("pk").values_list(*names).iterator(chunk_size=BATCH):
        digest.update(orjson.dumps([_plain(value) for value in row], default=str, option=orjson.OPT_SORT_KEYS) + b"\n")
        count += 1
    return {"rows": count, "sha256": digest.hexdigest()}


def _plain(value: Any) -> Any:
    """Engines differ in the time zone of what they give back, and in the order of JSON keys (sorted when written)."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    return value.hex() if isinstance(value, (bytes, memoryview)) else value


@contextmanager
def _no_clock() -> Iterator[None]:
    """`auto_now` would give every copied row the time of the copy."""
    fields = [
        (field, name)
        for model in tables()
        for field in model._meta.concrete_fields
        for name in ("auto_now", "auto_now_add")
        if getattr(field, name, False)
    ]
    for field, name in fields:
        setattr(field, name, False)
    try:
        yield
    finally:
        for field, name in fields:
            setattr(field, name, True)


def _reset_numbers(alias: str) -> None:
    """The next row's id comes after the copied ones."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
