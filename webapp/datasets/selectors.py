"""Reads of datasets."""

from django.db.models import QuerySet

from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.rights import FROZEN_READ, roles_with
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.models import Dataset, DatasetVersion
from webapp.datasets.splits import readable_of
from webapp.footage.models import Frame


def datasets_of(workspace: Workspace) -> QuerySet[Dataset]:
    return (
        Dataset.objects.filter(workspace=workspace)
        .select_related("taxonomy")
        .prefetch_related("versions")
        .order_by("-id")
    )


def versions_readable_by(user: User) -> QuerySet[DatasetVersion]:
    """Those of every workspace whose frozen data the person may read."""
    mine = Membership.objects.filter(user=user, role__in=roles_with(FROZEN_READ))
    return DatasetVersion.objects.filter(dataset__workspace__memberships__in=mine).select_related("dataset__workspace")


def versions_of(workspace: Workspace) -> QuerySet[DatasetVersion]:
    return (
        DatasetVersion.objects.filter(dataset__workspace=workspace)
        .select_related("dataset", "job")
        .prefetch_related("version_drives__drive")
        .order_by("-id")
    )


def frozen(version: DatasetVersion) -> DatasetVersion:
    """The version itself. Raises: Conflict `not_frozen`."""
    if version.state != DatasetVersion.State.FROZEN:
        raise Conflict("not_frozen", f"This version is {version.state}; there is nothing to download yet.")
    return version


def split_named(version: DatasetVersion, split: str) -> str | None:
    """The split of that name; None, for all of them, when it is empty. Raises: DomainError `unknown_split`."""
    known = readable_of(list(version.summary["splits"]))
    if split and split not in known:
        why = f"This version has no split '{split}'; it has {', '.join(known)}."
        raise DomainError("unknown_split", why, status=404)
    return split or None


def frames_by_content(workspace: Workspace, sha256s: list[str]) -> dict[str, int]:
    """The frame that has these bytes now, where one is left."""
    return dict(
        Frame.objects.filter(workspace=workspace, sha256__in=sha256s).order_by("-id").values_list("sha256", "id")
    )
