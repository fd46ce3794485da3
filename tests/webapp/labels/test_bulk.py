"""Bulk loads name every column that must have a value: a new one is missed here, and not first by an import on PostgreSQL."""

from webapp.labels.bulk import BOX_COLUMNS, EVENT_COLUMNS
from webapp.labels.models import Box, BoxEvent


def needed(model) -> set[str]:
    """Columns that the database itself does not fill."""
    return {field.column for field in model._meta.concrete_fields if not field.null and not field.has_db_default()}


def named(columns: str) -> set[str]:
    return {name.strip(' "') for name in columns.split(",")}


def test_every_column_of_a_box_that_must_have_a_value_is_written():
    assert needed(Box) <= named(BOX_COLUMNS)


def test_every_column_of_an_event_that_must_have_a_value_is_written():
    assert needed(BoxEvent) - {"id"} <= named(EVENT_COLUMNS)
