"""What is counted: each series of the dashboards, and the query behind it. A new one is a function and a line in `FLOWS` or `LEVELS`."""

import shutil
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Avg, Count, F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast, Floor

from webapp.accounts.models import Workspace
from webapp.dashboards import operations, quality
from webapp.dashboards.balance import class_drift
from webapp.dashboards.counted import Point, Series, Since, daily, level
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Clip, Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box, BoxEvent
from webapp.team.selectors import DECISIONS

RISK_BINS = 10
SETTLED = (Box.State.ACCEPTED, Box.State.EDITED)


def decisions(workspace: Workspace, since: Since) -> Iterable[Point]:
    """By kind. What people did in blind trials was work too, and leaving it out would tell which frames those were."""
    return daily(decided_in(workspace), since, "kind", Count("id"))


def audit_hours(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Pauses excluded, as the desk timed them."""
    return daily(decided_in(workspace), since, None, Sum("seconds") / 3600.0)


def seconds_a_decision(workspace: Workspace, since: Since) -> Iterable[Point]:
    return daily(decided_in(workspace).filter(seconds__isnull=False), since, None, Avg("seconds"))


def frames_audited(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Frames that were finished on the day; one that was finished twice counts once."""
    finished = BoxEvent.rows.filter(frame__workspace=workspace, kind=BoxEvent.Kind.FINISHED)
    return daily(finished, since, None, Count("frame", distinct=True))


def footage_hours(workspace: Workspace, since: Since) -> Iterable[Point]:
    clips = Clip.objects.filter(drive__workspace=workspace, state=Clip.State.READY)
    return daily(clips, since, None, Sum("duration_ms") / 3_600_000.0)


def frames_ingested(workspace: Workspace, since: Since) -> Iterable[Point]:
    return daily(Frame.objects.filter(workspace=workspace), since, None, Count("id"))


def jobs(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Ended jobs, by how they ended."""
    ended = Job.objects.filter(workspace=workspace, state__in=Job.FINISHED_STATES, finished_at__isnull=False)
    return daily(ended, since, "state", Count("id"), when="finished_at")


def job_minutes(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Time that succeeded jobs ran, by kind."""
    rows = Job.objects.filter(workspace=workspace, state=Job.State.SUCCEEDED)
    rows = rows if since is None else rows.filter(finished_at__gte=since)
    spent: dict[tuple[date, str], float] = {}
    for kind, began, ended in rows.values_list("kind", "started_at", "finished_at"):
        if began and ended:
            key = (ended.date(), kind.replace("_", " "))
            spent[key] = spent.get(key, 0.0) + (ended - began).total_seconds() / 60
    return [(day, kind, minutes) for (day, kind), minutes in spent.items()]


def versions_frozen(workspace: Workspace, since: Since) -> Iterable[Point]:
    frozen = DatasetVersion.objects.filter(dataset__workspace=workspace, state=DatasetVersion.State.FROZEN)
    return daily(frozen, since, None, Count("id"))


def frames_by_state(workspace: Workspace, today: date) -> Iterable[Point]:
    """The depth of the queue among them."""
    frames = Frame.objects.filter(workspace=workspace).order_by()
    return level(today, frames.values_list("state").annotate(n=Count("id")))


def labels_by_state(workspace: Workspace, today: date) -> Iterable[Point]:
    """All boxes, by where they stand."""
    boxes = Box.objects.filter(frame__workspace=workspace).order_by()
    return level(today, boxes.values_list("state").annotate(n=Count("id")))


def labels_by_category(workspace: Workspace, today: date) -> Iterable[Point]:
    """Labels that people stand by: the balance of the classes."""
    boxes = Box.objects.filter(frame__workspace=workspace, state__in=SETTLED, category__isnull=False).order_by()
    return level(today, boxes.values_list("category__name").annotate(n=Count("id")))


def open_labels_by_risk(workspace: Workspace, today: date) -> Iterable[Point]:
    """In ten bins."""
    boxes = Box.objects.filter(frame__workspace=workspace, state__in=Box.OPEN_STATES, risk__isnull=False).order_by()
    bins = boxes.annotate(bin=Floor(Cast(F("risk"), FloatField()) * RISK_BINS)).values_list("bin")
    counts: dict[str, float] = {}
    for low, count in bins.annotate(n=Count("id")):
        edge = 10 * min(int(low), RISK_BINS - 1)
        name = f"{edge}–{edge + 10} %"
        counts[name] = counts.get(name, 0) + count
    return level(today, counts.items())


def store_bytes(workspace: Workspace, today: date) -> Iterable[Point]:
    """The originals of this workspace."""
    return level(today, [("", Clip.objects.filter(drive__workspace=workspace).aggregate(n=Sum("size"))["n"] or 0)])


def disk_free(workspace: Workspace, today: date) -> Iterable[Point]:
    """What the store's disk has left, for all workspaces. With S3, and before the first upload, there is no such disk."""
    local = settings.MEDIA_ROOT.exists()
    return level(today, [("", shutil.disk_usage(settings.MEDIA_ROOT).free)] if local else [])


def decided_in(workspace: Workspace) -> QuerySet[BoxEvent]:
    """What people decided, in blind trials too."""
    return BoxEvent.rows.filter(frame__workspace=workspace, actor__isnull=False, box__isnull=False, kind__in=DECISIONS)


FLOWS = (
    Series("decisions", "count", "/audit/team/decisions", decisions),
    Series("audit_hours", "hours", "/audit/team", audit_hours),
    Series("seconds_a_decision", "seconds", "/audit/team", seconds_a_decision),
    Series("frames_audited", "count", "/audit", frames_audited),
    Series("footage_hours", "hours", "/drives", footage_hours),
    Series("frames_ingested", "count", "/drives", frames_ingested),
    Series("jobs", "count", "/jobs", jobs),
    Series("job_minutes", "minutes", "/jobs", job_minutes),
    Series("versions_frozen", "count", "/datasets", versions_frozen),
    *quality.FLOWS,
    *operations.FLOWS,
)
LEVELS = (
    Series("frames_by_state", "count", "/audit", frames_by_state, large=True),
    Series("labels_by_state", "count", "/explore", labels_by_state, large=True),
    Series("labels_by_category", "count", "/explore", labels_by_category, large=True),
    Series("open_labels_by_risk", "count", "/audit", open_labels_by_risk, large=True),
    Series("store_bytes", "bytes", "/drives", store_bytes),
    Series("disk_free", "bytes", "/drives", disk_free),
    Series("class_drift", "share", "/datasets", class_drift),  # after the labels, which it reads
    *quality.LEVELS,
    *operations.LEVELS,
)
