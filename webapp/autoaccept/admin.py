"""Stock admin of certificates."""

from django.contrib import admin

from webapp.autoaccept.models import Certificate
from webapp.core.admin import ReadOnlyAdmin


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin[Certificate]):
    list_display = ["id", "drive", "state", "alpha", "delta", "accepted", "off_reason", "created_by", "created_at"]
    list_filter = ["state", "off_reason"]
    list_select_related = ["drive", "created_by"]
    search_fields = ["drive__name"]
