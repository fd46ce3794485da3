"""Stock admin of datasets; versions never change."""

from django.contrib import admin

from webapp.core.admin import LargeTableAdmin, ReadOnlyAdmin
from webapp.datasets.models import Dataset, DatasetVersion


@admin.register(Dataset)
class DatasetAdmin(LargeTableAdmin[Dataset]):
    list_display = ["name", "workspace", "taxonomy", "created_at"]
    list_filter = ["workspace"]
    search_fields = ["name", "description"]


@admin.register(DatasetVersion)
class DatasetVersionAdmin(ReadOnlyAdmin[DatasetVersion]):
    list_display = ["__str__", "state", "digest", "include_unaudited", "created_by", "frozen_at"]
    list_filter = ["state", "include_unaudited"]
    list_select_related = ["dataset", "created_by"]
    search_fields = ["dataset__name", "digest"]
