"""Filters of the registry: ids as numbers, so that another workspace's id answers no differently from one that never was."""

from django_filters import rest_framework as filters

from webapp.registry.models import Evaluation


class EvaluationFilter(filters.FilterSet):
    model = filters.NumberFilter(field_name="model_version_id")
    dataset_version = filters.NumberFilter(field_name="dataset_version_id")

    class Meta:
        model = Evaluation
        fields = ["split"]
