"""Filters of the delivery log."""

from django_filters import rest_framework as filters

from webapp.core.filters import IdFilter
from webapp.webhooks.models import Delivery


class DeliveryFilter(filters.FilterSet):
    webhook = IdFilter("webhook_id")

    class Meta:
        model = Delivery
        fields = ["state", "event"]
