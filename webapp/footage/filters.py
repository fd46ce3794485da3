"""Filters of the clip and frame lists."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from webapp.blind.models import BlindTrial
from webapp.core.filters import IdFilter
from webapp.footage.light import LIGHTS, by_light
from webapp.footage.models import Clip, Frame
from webapp.labels.models import Box


class ClipFilter(django_filters.FilterSet):
    drive = IdFilter("drive_id")
    state = django_filters.MultipleChoiceFilter(choices=Clip.State.choices)


class ShownFilter(django_filters.FilterSet):
    """By what a person sees of a frame; `at` is the way from the row to its frame."""

    at = ""
    # A state may come several times.
    state = django_filters.MultipleChoiceFilter(choices=Frame.State.choices, distinct=False)  # no join doubles a row
    risk_min = django_filters.NumberFilter(field_name="risk", lookup_expr="gte")
    risk_max = django_filters.NumberFilter(field_name="risk", lookup_expr="lte")
    category = IdFilter("category", method="with_category")
    light = django_filters.ChoiceFilter(choices=[(light, light) for light in LIGHTS], method="of_light")

    def of_light(self, queryset: "QuerySet[Any]", _: str, value: str) -> "QuerySet[Any]":
        return queryset.filter(by_light(value, self.at))


class FrameFilter(ShownFilter):
    """`?drive=&clip=&state=&risk_min=&risk_max=&category=&light=`"""

    drive = IdFilter("drive_id")
    clip = IdFilter("clip_id")

    class Meta:
        model = Frame
        fields: list[str] = []

    def with_category(self, queryset: "QuerySet[Frame]", _: str, value: int) -> "QuerySet[Frame]":
        return queryset.filter(Exists(Box.objects.filter(frame=OuterRef("pk"), category=value)))


class TrialFilter(ShownFilter):
    """The same filters of what a person sees in place of frames: by the state, risk and labels that they have for this person."""

    at = "frame__"
    drive = IdFilter("frame__drive_id")
    clip = IdFilter("frame__clip_id")

    class Meta:
        model = BlindTrial
        fields: list[str] = []

    def with_category(self, queryset: "QuerySet[BlindTrial]", _: str, value: int) -> "QuerySet[BlindTrial]":
        return queryset.filter(Exists(Box.rows.filter(trial=OuterRef("pk"), category=value)))
