"""Stock admin of footage."""

from django.contrib import admin

from webapp.core.admin import LargeTableAdmin, ReadOnlyAdmin
from webapp.footage.models import Clip, Drive, Frame, Upload


@admin.register(Drive)
class DriveAdmin(LargeTableAdmin[Drive]):
    list_display = ["name", "workspace", "state", "taxonomy", "label_model", "captured_at"]
    list_filter = ["state", "workspace", "time_of_day", "weather"]
    search_fields = ["name", "vehicle", "camera", "place"]
    list_select_related = ["workspace", "taxonomy", "label_model"]
    readonly_fields = ["state", "label_model"]


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin[Upload]):
    list_display = ["filename", "drive", "state", "offset", "size", "created_by", "expires_at"]
    list_filter = ["state"]
    search_fields = ["filename", "drive__name", "sha256"]
    list_select_related = ["drive", "created_by"]


@admin.register(Clip)
class ClipAdmin(ReadOnlyAdmin[Clip]):
    list_display = ["filename", "drive", "kind", "state", "error_code", "size", "created_at"]
    list_filter = ["state", "kind", "error_code"]
    search_fields = ["filename", "drive__name", "sha256", "error_detail"]
    list_select_related = ["drive"]


@admin.register(Frame)
class FrameAdmin(ReadOnlyAdmin[Frame]):
    list_display = ["name", "drive", "state", "risk", "index", "time_ms", "version"]
    list_filter = ["state", "workspace"]
    search_fields = ["name", "drive__name", "sha256"]
    list_select_related = ["drive"]
