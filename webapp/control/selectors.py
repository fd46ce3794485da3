"""Reads of the control room."""

import shutil
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Sum
from knox.models import AuthToken

from webapp.accounts.models import Membership, Workspace
from webapp.control.models import AdminAct, FootageRemoval
from webapp.core import storage
from webapp.core.counting import count_up_to
from webapp.datasets.models import ExportFile
from webapp.exchange.models import LabelImport, VersionExport
from webapp.fleet.models import DeviceToken
from webapp.footage.models import Drive, Frame, Upload
from webapp.footage.selectors import originals_bytes

SAMPLE = 200


def acts_of(workspace: Workspace) -> QuerySet[AdminAct]:
    """Of this workspace, and of the installation as a whole."""
    mine = AdminAct.objects.filter(workspace=workspace) | AdminAct.objects.filter(workspace=None)
    return mine.select_related("actor")


def removals_of(workspace: Workspace) -> QuerySet[FootageRemoval]:
    return FootageRemoval.objects.filter(workspace=workspace).select_related("drive", "job", "requested_by")


def storage_report(workspace: Workspace) -> dict[str, Any]:
    """What lies where, in bytes; `about` marks what was estimated from some of its files. The disk is that of all workspaces."""
    kinds = [
        ("originals", originals_bytes(workspace), False),
        ("stills", *_stills(workspace)),
        ("uploads", _sum(Upload.objects.filter(drive__workspace=workspace, state=Upload.State.OPEN), "offset"), False),
        ("exports", _exports(workspace), False),
        ("label_files", _sum(LabelImport.objects.filter(drive__workspace=workspace).exclude(key=""), "size"), False),
    ]
    local = settings.MEDIA_ROOT.exists()
    disk = shutil.disk_usage(settings.MEDIA_ROOT) if local else None
    return {
        "kinds": [{"kind": kind, "bytes": size, "about": about} for kind, size, about in kinds],
        "drives": _largest(workspace),
        "disk_total": disk.total if disk else None,
        "disk_free": disk.free if disk else None,
    }


def api_tokens_of(workspace: Workspace) -> "QuerySet[AuthToken]":
    """Of all members; a token acts with its person's rights, here and elsewhere."""
    people = Membership.objects.filter(workspace=workspace).values("user")
    return AuthToken.objects.filter(user__in=people).select_related("user").order_by("-created")  # type: ignore[no-any-return]  # knox has no types


def device_tokens_of(workspace: Workspace) -> QuerySet[DeviceToken]:
    """Those that still open something."""
    live = DeviceToken.objects.filter(device__workspace=workspace, revoked_at__isnull=True)
    return live.select_related("device").order_by("-id")


def _stills(workspace: Workspace) -> tuple[int, bool]:
    """From the mean of the latest ones, as their sizes are in no row."""
    frames = Frame.objects.filter(workspace=workspace)
    keys = [key for pair in frames.order_by("-id").values_list("image_key", "thumbnail_key")[:SAMPLE] for key in pair]
    sizes = [size for key in keys if (size := storage.size_of(key)) is not None]
    count = count_up_to(frames, 10_000)
    if not sizes:
        return 0, count > 0
    mean = sum(sizes) / (len(keys) / 2)
    return round(mean * count), count > SAMPLE


def _exports(workspace: Workspace) -> int:
    mine = {"version__dataset__workspace": workspace}
    return _sum(ExportFile.objects.filter(**mine), "size") + _sum(VersionExport.objects.filter(**mine), "size")


def _sum(rows: QuerySet[Any], column: str) -> int:
    return int(rows.aggregate(n=Sum(column))["n"] or 0)


def _largest(workspace: Workspace) -> list[dict[str, Any]]:
    """The ten drives with the most bytes of originals."""
    drives = Drive.objects.filter(workspace=workspace).annotate(bytes=Sum("clips__size"), n=Count("clips"))
    return [
        {"id": drive.id, "name": drive.name, "bytes": drive.bytes, "clips": drive.n, "created_at": drive.created_at}
        for drive in drives.filter(bytes__gt=0).order_by("-bytes")[:10]
    ]
