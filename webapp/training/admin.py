"""Stock admin of training runs."""

from django.contrib import admin

from webapp.core.admin import ReadOnlyAdmin
from webapp.training.models import MethodComparison, TrainingRun


@admin.register(TrainingRun)
class TrainingRunAdmin(ReadOnlyAdmin[TrainingRun]):
    list_display = ["name", "workspace", "method", "family", "dataset_version", "seed", "created_by", "created_at"]
    list_filter = ["method", "family", "workspace"]
    list_select_related = ["workspace", "dataset_version__dataset", "created_by"]
    search_fields = ["name"]


@admin.register(MethodComparison)
class MethodComparisonAdmin(ReadOnlyAdmin[MethodComparison]):
    list_display = ["name", "workspace", "family", "dataset_version", "created_by", "created_at"]
    list_filter = ["family", "workspace"]
    list_select_related = ["workspace", "dataset_version__dataset", "created_by"]
    search_fields = ["name"]
