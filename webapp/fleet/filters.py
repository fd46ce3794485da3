"""Filters of the fleet's lists."""

from typing import ClassVar

from django_filters import rest_framework as filters

from webapp.core.filters import IdFilter
from webapp.fleet.models import Alarm, Command, Sighting, Uplink


class CommandFilter(filters.FilterSet):
    device = IdFilter("device_id")

    class Meta:
        model = Command
        fields = ["state", "kind"]


class AlarmFilter(filters.FilterSet):
    device = IdFilter("device_id")

    class Meta:
        model = Alarm
        fields = ["kind", "source", "verdict"]


class UplinkFilter(filters.FilterSet):
    device = IdFilter("device_id")
    campaign = IdFilter("campaign_id")

    class Meta:
        model = Uplink
        fields = ["trigger", "state"]


class SightingFilter(filters.FilterSet):
    device = IdFilter("device_id")

    class Meta:
        model = Sighting
        fields: ClassVar[list[str]] = []
