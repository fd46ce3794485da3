"""Stock admin of the audit log, removals and changes of taxonomies: to look at alone."""

from django.contrib import admin

from webapp.control.models import AdminAct, FootageRemoval, Invitation, TaxonomyChange
from webapp.core.admin import GrowingAdmin, ReadOnlyAdmin


@admin.register(AdminAct)
class AdminActAdmin(GrowingAdmin[AdminAct]):
    list_display = ["at", "act", "target", "actor", "workspace"]
    list_select_related = ["actor", "workspace"]
    list_filter = ["act"]
    search_fields = ["act", "target", "actor__email"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin[Invitation]):
    exclude = ["digest"]
    list_display = ["created_at", "email", "role", "workspace", "invited_by", "expires_at", "closed_at"]
    list_select_related = ["workspace", "invited_by"]
    search_fields = ["email"]


@admin.register(FootageRemoval)
class FootageRemovalAdmin(ReadOnlyAdmin[FootageRemoval]):
    list_display = ["created_at", "why", "drive", "days", "dry_run", "requested_by", "workspace"]
    list_select_related = ["drive", "requested_by", "workspace"]
    list_filter = ["why", "dry_run"]
    search_fields = ["note", "drive__name"]


@admin.register(TaxonomyChange)
class TaxonomyChangeAdmin(ReadOnlyAdmin[TaxonomyChange]):
    list_display = ["created_at", "kind", "taxonomy", "state", "asked_by"]
    list_select_related = ["taxonomy", "asked_by"]
    list_filter = ["kind", "state"]
    search_fields = ["taxonomy__name"]
