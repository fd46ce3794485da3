"""Reads of the dashboards: the loop at a glance for Home, and the figures by day."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.accounts.rights import READ
from webapp.autoaccept.models import Certificate
from webapp.blind.selectors import open_by_drive
from webapp.dashboards.models import DayFigure
from webapp.dashboards.rollup import rolled_up, standing
from webapp.dashboards.series import FLOWS, LEVELS
from webapp.datasets.models import Dataset, DatasetVersion, VersionDrive
from webapp.fleet.models import Device
from webapp.fleet.selectors import ONLINE_WITHIN
from webapp.footage.models import Clip, Drive, Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.registry.models import Evaluation, ModelVersion
from webapp.registry.selectors import report_of

MOST_EVALUATIONS = 100
KEPT_S = 30 * 24 * 3600


def overview(workspace: Workspace, user: User | None = None) -> dict[str, Any]:
    """Counts of every stage of the loop, and what waits for whom; as this person sees them."""
    clips = _by_state(Clip.objects.filter(drive__workspace=workspace))
    frames_now, boxes_now = standing(workspace, "frames_by_state", "labels_by_state")
    frames = {**dict.fromkeys(Frame.State.values, 0), **_whole(frames_now)}
    blind = sum(open_by_drive(user, workspace).values()) if user else 0
    frames["audited"], frames["in_audit"] = frames["audited"] - blind, frames["in_audit"] + blind
    jobs = _by_state(Job.objects.filter(workspace=workspace))
    boxes = {**dict.fromkeys(Box.State.values, 0), **_whole(boxes_now)}
    milliseconds = Clip.objects.filter(drive__workspace=workspace, state=Clip.State.READY).aggregate(
        s=Sum("duration_ms")
    )["s"]
    drives = Drive.objects.filter(workspace=workspace).count()
    audited = Exists(Frame.objects.filter(drive=OuterRef("pk"), state=Frame.State.AUDITED))
    frozen = VersionDrive.objects.filter(version__state=DatasetVersion.State.FROZEN).values("drive")
    unversioned = Drive.objects.filter(audited, workspace=workspace).exclude(id__in=frozen).count()
    to_audit = frames["prelabelled"] + frames["in_audit"] + frames["reopened"]
    off = Certificate.objects.filter(drive__workspace=workspace, state=Certificate.State.OFF).order_by("id")
    off_drives = list(off.values_list("drive", flat=True))
    waiting = [
        ("auto_accept_off", len(off_drives), f"/drives/{off_drives[0]}" if off_drives else ""),
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
        "fleet": _fleet(workspace),
        "waiting": [{"what": what, "count": count, "link": link} for what, count, link in waiting if count],
    }


def _fleet(workspace: Workspace) -> dict[str, int]:
    online = Q(last_seen_at__gte=timezone.now() - ONLINE_WITHIN)
    return Device.objects.filter(workspace=workspace).aggregate(devices=Count("id"), online=Count("id", filter=online))


def _whole(counts: dict[str, float]) -> dict[str, int]:
    return {name: int(count) for name, count in counts.items()}


def _by_state(rows: Any) -> dict[str, int]:
    """State -> count, with a zero for every state that has none."""
    counts = dict.fromkeys(rows.model.State.values, 0)
    counts.update(rows.order_by().values_list("state").annotate(n=Count("id")))
    return counts


def day_figures(workspace: Workspace, *, days: int, granted: frozenset[str] = frozenset({READ})) -> dict[str, Any]:
    """Every series over the last days, today included: the days, and the values of each part by day (None: no figure)."""
    at = rolled_up(workspace).at
    today = timezone.now().date()
    span = [today - timedelta(days=back) for back in reversed(range(days))]
    place = {day: at for at, day in enumerate(span)}
    shown = [series for series in (*FLOWS, *LEVELS) if series.right in granted]
    parts: dict[str, dict[str, list[float | None]]] = {series.name: {} for series in shown}
    rows = DayFigure.objects.filter(workspace=workspace, day__gte=span[0], day__lte=today).order_by("series", "part")
    for series, part, day, value in rows.values_list("series", "part", "day", "value"):
        if series in parts:
            parts[series].setdefault(part, [None] * days)[place[day]] = value
    return {
        "at": at,
        "days": [day.isoformat() for day in span],
        "series": [
            {
                "name": series.name,
                "unit": series.unit,
                "link": series.link,
                "level": series in LEVELS,
                "parts": [{"part": part, "values": values} for part, values in parts[series.name].items()],
            }
            for series in shown
        ],
    }


def figures_as_rows(
    workspace: Workspace, *, days: int, granted: frozenset[str] = frozenset({READ})
) -> Iterator[tuple[str, str, str, str, float]]:
    """Day, series, part, unit, value: a table that a spreadsheet reads."""
    found = day_figures(workspace, days=days, granted=granted)
    for series in found["series"]:
        for part in series["parts"]:
            for day, value in zip(found["days"], part["values"], strict=True):
                if value is not None:
                    yield day, series["name"], part["part"], series["unit"], value


def ap_over_time(workspace: Workspace) -> list[dict[str, Any]]:
    """The latest evaluations that have figures, oldest first, with the data that each was measured on."""
    measured = (
        Evaluation.objects.filter(workspace=workspace, figures__isnull=False)
        .select_related("model_version", "dataset_version__dataset")
        .order_by("-id")[:MOST_EVALUATIONS]
    )
    return [
        {
            "evaluation": row.id,
            "at": row.updated_at,
            "model": row.model_version.name,
            "data": f"{row.dataset_version}"
            + (f" · {row.split}" if row.split else "")
            + (f" · {row.slice_name}" if row.slice_name else ""),
            "ap": (row.figures or {}).get("AP"),
            "slices": _slices(row),
        }
        for row in reversed(measured)
    ]


def _slices(row: Evaluation) -> dict[str, dict[str, float | None]]:
    """AP by category, size, light and so on. A report never changes, and is a file of a megabyte: it is read once."""
    if not row.report_key:
        return {}
    found: dict[str, dict[str, float | None]] | None = cache.get(f"ap-slices:{row.report_key}")
    if found is None:
        report = report_of(row)
        cuts = {"category": report.get("per_category", {}), **report.get("slices", {})}
        found = {name: {part: figures.get("AP") for part, figures in cut.items()} for name, cut in cuts.items()}
        cache.set(f"ap-slices:{row.report_key}", found, KEPT_S)
    return found
