"""Cursor pagination: the last page of a million costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination as BaseCursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

REVERSED = "r"
VALUES = "v"


class CursorPagination(BaseCursorPagination):
    """`?cursor=&page_size=`; 100 rows unless told, 500 at most.

    The cursor holds the last row's values of the whole ordering, its id included. DRF's own holds the first value and an offset of
    1,000 at most, and stops short where more rows share one value: the frames of a clip, or those without risk.
    """

    page_size = 100
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"
    beside: Sequence[
        Any
    ] = ()  # rows, few, that the database has otherwise: they are put among the others where they belong

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        ordering = tuple(super().get_ordering(request, queryset, view))
        if ordering[-1].lstrip("-") in ("id", "pk"):
            return ordering
        return (*ordering, "-id" if ordering[0].startswith("-") else "id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        size = self.get_page_size(request) or self.max_page_size
        self.base_url = request.build_absolute_uri()
        self.fields = self.get_ordering(request, queryset, view)
        backwards, values = _decoded(request.query_params.get(self.cursor_query_param, ""), len(self.fields))
        fields = tuple(map(_opposite, self.fields)) if backwards else self.fields
        try:
            rows = queryset.filter(_behind(fields, values)) if values else queryset
            found = self._found(rows.order_by(*fields)[: size + 1], fields, values)[: size + 1]
        except (ValueError, TypeError, ValidationError):
            raise NotFound(self.invalid_cursor_message) from None
        more, page = len(found) > size, found[:size]
        self.page: list[Any] = page[::-1] if backwards else page
        self.has_next, self.has_previous = (True, more) if backwards else (more, bool(values))
        return self.page

    def _found(self, rows: Any, fields: tuple[str, ...], values: list[Any]) -> list[Any]:
        found = list(rows)
        beside = [row for row in self.beside if not values or _is_behind(row, fields, values)]
        return _sorted([*found, *beside], fields) if beside else found

    def get_next_link(self) -> str | None:
        return self._link(self.page[-1], backwards=False) if self.has_next and self.page else None

    def get_previous_link(self) -> str | None:
        return self._link(self.page[0], backwards=True) if self.has_previous and self.page else None

    def _link(self, row: Any, *, backwards: bool) -> str:
        values = [_value(row, field) for field in self.fields]
        text = json.dumps({REVERSED: backwards, VALUES: values}, default=str)
        cursor = base64.urlsafe_b64encode(text.encode()).decode()
        return str(replace_query_param(str(self.base_url), self.cursor_query_param, cursor))


def _behind(fields: tuple[str, ...], values: list[Any]) -> Q:
    """Rows behind `values` in this order: (a, b) > (x, y) is a > x, or a = x and b > y."""
    behind, equal = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        name, step = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        behind |= equal & Q(**{f"{name}__{step}": value})
        equal &= Q(**{name: value})
    # Implied by the rest, but in a form that lets the database begin at the right place of the index.
    first = fields[0]
    return behind & Q(**{f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}": values[0]})


def _is_behind(row: Any, fields: tuple[str, ...], values: list[Any]) -> bool:
    """As `_behind`, of one row."""
    for field, value in zip(fields, values, strict=True):
        if (own := _value(row, field)) != value:
            return bool(own < value) if field.startswith("-") else bool(own > value)
    return False


def _sorted(rows: list[Any], fields: tuple[str, ...]) -> list[Any]:
    for field in reversed(fields):
        rows = sorted(rows, key=lambda row: _value(row, field), reverse=field.startswith("-"))
    return rows


def _opposite(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _value(row: Any, field: str) -> Any:
    name = field.lstrip("-")
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _decoded(cursor: str, length: int) -> tuple[bool, list[Any]]:
    """Whether to page backwards, and from which values; none at the beginning."""
    if not cursor:
        return False, []
    try:
        content = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        backwards, values = bool(content[REVERSED]), list(content[VALUES])
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise NotFound(CursorPagination.invalid_cursor_message) from None
    if len(values) != length:
        raise NotFound(CursorPagination.invalid_cursor_message)
    return backwards, values
