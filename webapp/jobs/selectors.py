"""Reads of the job ledger."""

from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import Workspace
from webapp.jobs.models import Job

ACTIVE = (Job.State.QUEUED, Job.State.RUNNING)


def jobs_of(workspace: Workspace) -> QuerySet[Job]:
    return Job.objects.filter(workspace=workspace)


def active_for(workspace: Workspace, **params: Any) -> QuerySet[Job]:
    """Queued and running jobs with these params, oldest first."""
    wanted = {f"params__{key}": value for key, value in params.items()}
    return jobs_of(workspace).filter(state__in=ACTIVE, **wanted).order_by("created_at")
