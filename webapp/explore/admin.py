"""Stock admin of saved questions."""

from django.contrib import admin

from webapp.core.admin import ReadOnlyAdmin
from webapp.explore.models import FeaturePart, Slice


@admin.register(Slice)
class SliceAdmin(ReadOnlyAdmin[Slice]):
    list_display = ["id", "workspace", "name", "created_by", "created_at"]
    list_select_related = ["workspace", "created_by"]
    search_fields = ["name"]


@admin.register(FeaturePart)
class FeaturePartAdmin(ReadOnlyAdmin[FeaturePart]):
    list_display = ["id", "drive", "model", "first_frame", "last_frame", "frames", "labels"]
    list_select_related = ["drive"]
    search_fields = ["drive__name"]
