"""Filters of the audit log."""

from django_filters import rest_framework as filters

from webapp.control.models import AdminAct
from webapp.core.filters import IdFilter


class ActFilter(filters.FilterSet):
    actor = IdFilter("actor_id")
    act = filters.CharFilter(lookup_expr="startswith", help_text="Its beginning: `webhook.`, `rows.deleted`.")

    class Meta:
        model = AdminAct
        fields: list[str] = []
