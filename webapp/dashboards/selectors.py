"""Numbers for Home: the loop at a glance."""

from typing import Any

from django.db.models import Count, Sum

from webapp.accounts.models import User, Workspace
from webapp.blind.selectors import open_by_drive
from webapp.datasets.models import Dataset, DatasetVersion, VersionDrive
from webapp.footage.models import Clip, Drive, Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.registry.models import ModelVersion


def overview(workspace: Workspace, user: User | None = None) -> dict[str, Any]:
    """Counts of every stage of the loop, and what waits for whom; as this person sees them."""
    clips = _by_state(Clip.objects.filter(drive__workspace=workspace))
    frames = _by_state(Frame.objects.filter(workspace=workspace))
    blind = sum(open_by_drive(user, workspace).values()) if user else 0
    frames["audited"], frames["in_audit"] = frames["audited"] - blind, frames["in_audit"] + blind
    jobs = _by_state(Job.objects.filter(workspace=workspace))
    boxes = _by_state(Box.objects.filter(frame__workspace=workspace))
    milliseconds = Clip.objects.filter(drive__workspace=workspace, state=Clip.State.READY).aggregate(
        s=Sum("duration_ms")
    )["s"]
    drives = Drive.objects.filter(workspace=workspace).count()
    unversioned = (
        Drive.objects.filter(workspace=workspace, frames__state=Frame.State.AUDITED)
        .exclude(id__in=VersionDrive.objects.filter(version__state=DatasetVersion.State.FROZEN).values("drive"))
        .distinct()
        .count()
    )
    to_audit = frames["prelabelled"] + frames["in_audit"] + frames["reopened"]
    waiting = [
        ("frames_to_audit", to_audit, "/audit"),
        ("frames_to_prelabel", frames["new"], "/drives"),
        ("clips_failed", clips["failed"], "/drives"),
        ("jobs_failed", jobs["failed"], "/jobs"),
        ("drives_unversioned", unversioned, "/datasets"),
    ]
    return {
        "footage": {
            "drives": drives,
            "clips": sum(clips.values()) - clips["duplicate"],
            "clips_failed": clips["failed"],
            "hours": (milliseconds or 0) / 3_600_000,
        },
        "frames": {"total": sum(frames.values()), **frames},
        "boxes": boxes,
        "jobs": {name: jobs[name] for name in ("queued", "running", "failed")},
        "datasets": {
            "datasets": Dataset.objects.filter(workspace=workspace).count(),
            "versions": DatasetVersion.objects.filter(
                dataset__workspace=workspace, state=DatasetVersion.State.FROZEN
            ).count(),
        },
        "models": {"total": ModelVersion.objects.filter(workspace=workspace).count()},
        "waiting": [{"what": what, "count": count, "link": link} for what, count, link in waiting if count],
    }


def _by_state(rows: Any) -> dict[str, int]:
    """State -> count, with a zero for every state that has none."""
    counts = dict.fromkeys(rows.model.State.values, 0)
    counts.update(rows.order_by().values_list("state").annotate(n=Count("id")))
    return counts
