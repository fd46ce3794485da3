"""Filters of edge exports: ids as numbers, so that another workspace's id answers no differently from one that never was."""

from django_filters import rest_framework as filters

from webapp.edge.models import EdgeExport


class EdgeExportFilter(filters.FilterSet):
    model = filters.NumberFilter(field_name="model_version_id")

    class Meta:
        model = EdgeExport
        fields = ["target"]
