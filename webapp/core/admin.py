"""What every admin page shares: no count over a whole table, and history that nobody rewrites."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


class LargeTableAdmin(admin.ModelAdmin[M]):
    """Fast at twenty million rows."""

    show_full_result_count = False
    list_per_page = 50


class ReadOnlyAdmin(LargeTableAdmin[M]):
    """For rows that are written by the product alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
