"""Stock admin of the job ledger: to look at, not to change. Cancel and retry are in the product."""

from django.contrib import admin

from webapp.core.admin import GrowingAdmin, ReadOnlyAdmin
from webapp.jobs.models import Job, JobLog


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin[Job]):
    list_display = ["title", "kind", "state", "done", "total", "attempts", "worker", "error_code", "created_at"]
    list_filter = ["state", "kind", "workspace"]
    search_fields = ["title", "error_code", "error_detail", "worker"]
    list_select_related = ["workspace"]


@admin.register(JobLog)
class JobLogAdmin(GrowingAdmin[JobLog]):
    list_display = ["at", "level", "message", "job"]
    list_filter = ["level"]
    search_fields = ["message"]
    list_select_related = ["job"]
