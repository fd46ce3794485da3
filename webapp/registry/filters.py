"""Filters of the registry."""

from django_filters import rest_framework as filters

from webapp.core.filters import IdFilter
from webapp.registry.models import Evaluation


class EvaluationFilter(filters.FilterSet):
    model = IdFilter("model_version_id")
    dataset_version = IdFilter("dataset_version_id")

    class Meta:
        model = Evaluation
        fields = ["split"]
