"""Stock admin of edge exports and of looks."""

from django.contrib import admin

from webapp.core.admin import LargeTableAdmin
from webapp.edge.models import EdgeExport, ModelLook


@admin.register(EdgeExport)
class EdgeExportAdmin(LargeTableAdmin[EdgeExport]):
    list_display = ["model_version", "target", "dataset_version", "size", "workspace", "created_at"]
    search_fields = ["model_version__name", "model_version__ref"]
    list_filter = ["target", "workspace"]
    readonly_fields = ["archive_key"]


@admin.register(ModelLook)
class ModelLookAdmin(LargeTableAdmin[ModelLook]):
    list_display = ["model_version", "frame", "milliseconds", "workspace", "created_at"]
    search_fields = ["model_version__name", "model_version__ref"]
    list_select_related = ["model_version", "frame", "workspace"]
    raw_id_fields = ["frame"]
    readonly_fields = ["detections"]
