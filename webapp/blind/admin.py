"""Stock admin of the mix, gold frames and blind trials."""

from django.contrib import admin

from webapp.blind.models import AuditMix, BlindTrial, GoldFrame
from webapp.core.admin import GrowingAdmin, ReadOnlyAdmin


@admin.register(AuditMix)
class AuditMixAdmin(ReadOnlyAdmin[AuditMix]):
    list_display = ["workspace", "seeded_share", "gold_share"]
    list_select_related = ["workspace"]
    search_fields = ["workspace__name"]


@admin.register(GoldFrame)
class GoldFrameAdmin(ReadOnlyAdmin[GoldFrame]):
    list_display = ["id", "frame_id", "marked_by", "marked_at"]
    list_select_related = ["marked_by"]
    search_fields = ["=frame__id"]


@admin.register(BlindTrial)
class BlindTrialAdmin(GrowingAdmin[BlindTrial]):
    list_display = ["id", "frame_id", "user", "kind", "error", "errors", "errors_found", "finished_at", "closed_at"]
    list_filter = ["kind", "error"]
    list_select_related = ["user"]
    search_fields = ["=frame__id", "user__email"]
