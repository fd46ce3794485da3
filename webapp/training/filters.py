"""Filters of runs: ids as numbers, so that another workspace's id answers no differently from one that never was."""

from django_filters import rest_framework as filters

from webapp.training.models import TrainingRun


class RunFilter(filters.FilterSet):
    dataset_version = filters.NumberFilter(field_name="dataset_version_id")

    class Meta:
        model = TrainingRun
        fields = ["method", "family"]
