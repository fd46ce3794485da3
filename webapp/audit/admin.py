"""Stock admin of leases and random samples."""

from django.contrib import admin

from webapp.audit.models import AuditSample, Lease
from webapp.core.admin import GrowingAdmin, ReadOnlyAdmin


@admin.register(Lease)
class LeaseAdmin(GrowingAdmin[Lease]):
    list_display = ["id", "frame_id", "user", "claimed_at", "expires_at", "released_at"]
    list_select_related = ["user"]
    list_filter = ["released_at"]
    search_fields = ["=frame__id", "user__email"]


@admin.register(AuditSample)
class AuditSampleAdmin(ReadOnlyAdmin[AuditSample]):
    list_display = ["id", "drive", "number", "seed", "population", "size", "current", "created_by", "created_at"]
    list_select_related = ["drive", "created_by"]
    list_filter = ["current"]
    search_fields = ["drive__name"]
