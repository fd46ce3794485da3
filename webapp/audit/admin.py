"""Stock admin of leases."""

from django.contrib import admin

from webapp.audit.models import Lease
from webapp.core.admin import ReadOnlyAdmin


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin[Lease]):
    list_display = ["id", "frame_id", "user", "claimed_at", "expires_at", "released_at"]
    list_select_related = ["user"]
    list_filter = ["released_at"]
    search_fields = ["=frame__id", "user__email"]
