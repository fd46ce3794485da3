"""Stock admin of models."""

from django.contrib import admin

from webapp.core.admin import LargeTableAdmin
from webapp.registry.models import ModelVersion


@admin.register(ModelVersion)
class ModelVersionAdmin(LargeTableAdmin[ModelVersion]):
    list_display = ["name", "ref", "family", "sha256", "workspace", "created_at"]
    list_filter = ["family", "workspace"]
    search_fields = ["name", "ref", "sha256"]
    readonly_fields = ["sha256"]
