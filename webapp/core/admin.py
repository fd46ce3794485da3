"""What every admin page shares: no count over a whole table, and history that nobody rewrites."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

M = TypeVar("M", bound=Model)
MOST_COUNTED = 10_000
MOST_FOUND = 1_000


class NearPaginator(Paginator[Any]):
    """Counts the first rows alone, as far as somebody turns pages: what lies behind them is searched for."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()


class OfferedOrders(ChangeList):
    """Django leaves the heads of other columns unlinked, but sorts by them all the same when `?o=` is typed by hand."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """None, so that the column is passed over, where the head of the list offers no order by it."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


class LargeTableAdmin(admin.ModelAdmin[M]):
    """Counts no table from end to end."""

    show_full_result_count = False
    list_per_page = 50
    paginator = NearPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OfferedOrders


class ReadOnlyAdmin(LargeTableAdmin[M]):
    """For rows that are written by the product alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class GrowingAdmin(ReadOnlyAdmin[M]):
    """For tables that grow with footage, devices or work: by their number alone, as any other order sorts the whole table."""

    sortable_by: ClassVar = ["id"]


class LookedUpAdmin(GrowingAdmin[M]):
    """For tables of twenty million rows: found by whole values of columns that have an index.

    The stock search asks for all columns at once and compares numbers as text, which reads the table; so each column is asked by itself.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        if not search_term:
            return queryset, False
        found: set[Any] = set()
        for lookup in self.lookups(search_term):
            try:
                found.update(queryset.filter(**lookup).order_by().values_list("pk", flat=True)[:MOST_FOUND])
            except (ValueError, ValidationError):  # "abc" is no number, and "7" no UUID
                continue
        return queryset.filter(pk__in=found), False

    def lookups(self, term: str) -> list[dict[str, Any]]:
        """Each has an index of its own."""
        return [{field: term} for field in self.search_fields]
