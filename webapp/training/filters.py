"""Filters of runs."""

from django_filters import rest_framework as filters

from webapp.core.filters import IdFilter
from webapp.training.models import TrainingRun


class RunFilter(filters.FilterSet):
    dataset_version = IdFilter("dataset_version_id")

    class Meta:
        model = TrainingRun
        fields = ["method", "family"]
