"""Reads of imports and exports."""

from django.db.models import QuerySet

from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.rights import FROZEN_READ, roles_with
from webapp.exchange.models import LabelImport, VersionExport


def imports_of(workspace: Workspace) -> QuerySet[LabelImport]:
    return (
        LabelImport.objects.filter(drive__workspace=workspace)
        .select_related("drive__taxonomy", "drive__workspace", "job")
        .order_by("-id")
    )


def imports_readable_by(user: User) -> QuerySet[LabelImport]:
    """Those of every workspace that the person is in: a link or an <img> cannot name one."""
    return LabelImport.objects.filter(drive__workspace__memberships__user=user)


def exports_of(workspace: Workspace) -> QuerySet[VersionExport]:
    return VersionExport.objects.filter(version__dataset__workspace=workspace).select_related("version__dataset", "job")


def exports_readable_by(user: User) -> QuerySet[VersionExport]:
    mine = Membership.objects.filter(user=user, role__in=roles_with(FROZEN_READ))
    return VersionExport.objects.filter(version__dataset__workspace__memberships__in=mine)
