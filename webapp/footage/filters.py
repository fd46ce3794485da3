"""Filters of the frame list."""

import django_filters
from django.db.models import QuerySet

from webapp.footage.models import Frame


class FrameFilter(django_filters.FilterSet):
    """`?drive=&clip=&state=&risk_min=&risk_max=&category=`; `state` may come several times."""

    state = django_filters.MultipleChoiceFilter(choices=Frame.State.choices)
    risk_min = django_filters.NumberFilter(field_name="risk", lookup_expr="gte")
    risk_max = django_filters.NumberFilter(field_name="risk", lookup_expr="lte")
    category = django_filters.NumberFilter(method="with_category")

    class Meta:
        model = Frame
        fields = ["drive", "clip"]

    def with_category(self, queryset: "QuerySet[Frame]", _: str, value: int) -> "QuerySet[Frame]":
        from django.db.models import Exists, OuterRef

        from webapp.labels.models import Box

        return queryset.filter(Exists(Box.objects.filter(frame=OuterRef("pk"), category=value)))
