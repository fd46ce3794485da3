"""Stock admin of disagreements."""

from django.contrib import admin

from webapp.consensus.models import Disagreement
from webapp.core.admin import ReadOnlyAdmin


@admin.register(Disagreement)
class DisagreementAdmin(ReadOnlyAdmin[Disagreement]):
    list_display = ["id", "frame_id", "kind", "verdict", "settled_by", "settled_at"]
    list_filter = ["kind", "verdict"]
    list_select_related = ["settled_by"]
    search_fields = ["=frame__id"]
