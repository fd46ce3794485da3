"""Stock admin of assignments."""

from django.contrib import admin

from webapp.core.admin import ReadOnlyAdmin
from webapp.team.models import Assignment


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin[Assignment]):
    list_display = ["id", "user", "drive", "category", "alone", "created_by", "created_at", "ended_at"]
    list_select_related = ["user", "drive", "category", "created_by"]
    list_filter = ["alone"]
    search_fields = ["user__email", "drive__name"]
