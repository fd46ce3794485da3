"""Filters of the clip and frame lists."""

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from webapp.core.filters import IdFilter
from webapp.footage.models import Clip, Frame
from webapp.labels.models import Box


class ClipFilter(django_filters.FilterSet):
    drive = IdFilter("drive_id")
    state = django_filters.MultipleChoiceFilter(choices=Clip.State.choices)


class FrameFilter(django_filters.FilterSet):
    """`?drive=&clip=&state=&risk_min=&risk_max=&category=`; `state` may come several times."""

    drive = IdFilter("drive_id")
    clip = IdFilter("clip_id")
    state = django_filters.MultipleChoiceFilter(choices=Frame.State.choices)
    risk_min = django_filters.NumberFilter(field_name="risk", lookup_expr="gte")
    risk_max = django_filters.NumberFilter(field_name="risk", lookup_expr="lte")
    category = IdFilter("category", method="with_category")

    class Meta:
        model = Frame
        fields: list[str] = []

    def with_category(self, queryset: "QuerySet[Frame]", _: str, value: int) -> "QuerySet[Frame]":
        return queryset.filter(Exists(Box.objects.filter(frame=OuterRef("pk"), category=value)))
