"""Reads of datasets."""

from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.datasets.models import Dataset, DatasetVersion


def datasets_of(workspace: Workspace) -> QuerySet[Dataset]:
    return (
        Dataset.objects.filter(workspace=workspace)
        .select_related("taxonomy")
        .prefetch_related("versions")
        .order_by("-id")
    )


def versions_readable_by(user: User) -> QuerySet[DatasetVersion]:
    """Those of every workspace that the person is in."""
    return DatasetVersion.objects.filter(dataset__workspace__memberships__user=user).select_related("dataset")


def versions_of(workspace: Workspace) -> QuerySet[DatasetVersion]:
    return (
        DatasetVersion.objects.filter(dataset__workspace=workspace)
        .select_related("dataset", "job")
        .prefetch_related("version_drives__drive")
        .order_by("-id")
    )
