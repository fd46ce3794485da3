"""Stock admin of the audit log: to look at alone."""

from django.contrib import admin

from webapp.control.models import AdminAct
from webapp.core.admin import ReadOnlyAdmin


@admin.register(AdminAct)
class AdminActAdmin(ReadOnlyAdmin[AdminAct]):
    list_display = ["at", "act", "target", "actor", "workspace"]
    list_select_related = ["actor", "workspace"]
    list_filter = ["act"]
    search_fields = ["act", "target", "actor__email"]
