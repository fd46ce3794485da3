"""Reads of edge exports."""

from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.edge.models import EdgeExport


def exports_of(workspace: Workspace) -> QuerySet[EdgeExport]:
    return (
        EdgeExport.objects.filter(workspace=workspace)
        .select_related("model_version", "dataset_version__dataset", "job", "created_by")
        .order_by("-id")
    )


def exports_readable_by(user: User) -> QuerySet[EdgeExport]:
    """Those of every workspace that the person is in."""
    return EdgeExport.objects.filter(workspace__memberships__user=user).select_related("model_version")
