"""Filters of risk models."""

from django_filters import rest_framework as filters

from webapp.core.filters import IdFilter
from webapp.risk.models import RiskModel


class RiskModelFilter(filters.FilterSet):
    model_version = IdFilter("model_version_id")

    class Meta:
        model = RiskModel
        fields = ["current"]
