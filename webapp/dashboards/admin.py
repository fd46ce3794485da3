"""Stock admin of the figures."""

from django.contrib import admin

from webapp.core.admin import GrowingAdmin
from webapp.dashboards.models import DayFigure


@admin.register(DayFigure)
class DayFigureAdmin(GrowingAdmin[DayFigure]):
    list_display = ["day", "series", "part", "value", "workspace"]
    list_filter = ["series"]
    list_select_related = ["workspace"]
    search_fields = ["series", "part"]
    date_hierarchy = "day"
