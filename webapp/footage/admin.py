"""Stock admin of footage."""

from typing import Any

from django.contrib import admin

from webapp.accounts.models import Workspace
from webapp.core.admin import GrowingAdmin, LargeTableAdmin, LookedUpAdmin
from webapp.footage.models import Clip, Drive, Frame, Upload

MOST_DRIVES = 20


@admin.register(Drive)
class DriveAdmin(LargeTableAdmin[Drive]):
    list_display = ["name", "workspace", "state", "taxonomy", "label_model", "captured_at"]
    list_filter = ["state", "workspace", "time_of_day", "weather"]
    search_fields = ["name", "vehicle", "camera", "place"]
    list_select_related = ["workspace", "taxonomy", "label_model"]
    readonly_fields = ["state", "label_model"]


@admin.register(Upload)
class UploadAdmin(GrowingAdmin[Upload]):
    list_display = ["filename", "drive", "state", "offset", "size", "created_by", "expires_at"]
    list_filter = ["state"]
    search_fields = ["filename", "drive__name", "sha256"]
    list_select_related = ["drive", "created_by"]


@admin.register(Clip)
class ClipAdmin(GrowingAdmin[Clip]):
    list_display = ["filename", "drive", "kind", "state", "error_code", "size", "created_at"]
    list_filter = ["state", "kind", "error_code"]
    search_fields = ["filename", "drive__name", "sha256", "error_detail"]
    list_select_related = ["drive"]


@admin.register(Frame)
class FrameAdmin(LookedUpAdmin[Frame]):
    list_display = ["id", "name", "drive", "state", "risk", "index", "time_ms", "version"]
    list_filter = ["state", "workspace"]
    search_fields = ["id", "drive__name", "name", "sha256"]
    list_select_related = ["drive"]

    def lookups(self, term: str) -> list[dict[str, Any]]:
        """The indexes of names and contents begin with the drive and the workspace."""
        drives = Drive.objects.values_list("id", flat=True)
        return [
            {"id": term},
            {"drive__in": list(drives.filter(name__icontains=term)[:MOST_DRIVES])},
            {"drive__in": drives, "name": term},
            {"workspace__in": Workspace.objects.all(), "sha256": term},
        ]
