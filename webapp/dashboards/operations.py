"""Series of how the product runs: the queue of jobs, how long they waited, and the fleet's health and alarms."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F

from webapp.accounts.models import Workspace
from webapp.dashboards.counted import Point, Series, Since, daily, level
from webapp.fleet.models import Alarm, Uplink
from webapp.fleet.selectors import devices_of, presence_of, warnings_of
from webapp.jobs.models import Job


def job_queue(workspace: Workspace, today: date) -> Iterable[Point]:
    """Jobs that wait or run, when last looked at."""
    open_jobs = Job.objects.filter(workspace=workspace, state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by()
    return level(today, open_jobs.values_list("state").annotate(n=Count("id")))


def job_wait(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Mean time from asking to the (last) start, of the jobs that ended on the day."""
    ended = Job.objects.filter(workspace=workspace, finished_at__isnull=False, started_at__isnull=False)
    if since is not None:
        ended = ended.filter(finished_at__gte=since)
    waited: dict[date, list[float]] = {}
    for asked, began, done in ended.values_list("created_at", "started_at", "finished_at"):
        if began and done:
            waited.setdefault(done.date(), []).append(max(0.0, (began - asked).total_seconds()))
    return [(day, "", sum(each) / len(each)) for day, each in waited.items()]


def alarms(workspace: Workspace, since: Since) -> Iterable[Point]:
    """What devices warned of, and what the platform found afterwards, by kind."""
    return daily(Alarm.objects.filter(device__workspace=workspace), since, "kind", Count("id"), when="at")


def uplinks(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Frames that came up whole, by what made the device send them."""
    whole = Uplink.objects.filter(device__workspace=workspace, received_at__isnull=False)
    return daily(whole, since, "trigger", Count("id"), when="received_at")


def labelling_delay(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Mean time from a frame's arrival to its labels."""
    labelled = Uplink.objects.filter(device__workspace=workspace, labelled_at__isnull=False, received_at__isnull=False)
    took = ExpressionWrapper(F("labelled_at") - F("received_at"), output_field=DurationField())
    rows = labelled.annotate(took=took)
    rows = rows if since is None else rows.filter(labelled_at__gte=since)
    found = rows.order_by().values_list("labelled_at__date").annotate(mean=Avg("took"))
    return [(day, "", mean.total_seconds()) for day, mean in found if mean is not None]


def devices(workspace: Workspace, today: date) -> Iterable[Point]:
    """By when they were heard of."""
    return level(today, Counter(presence_of(device) for device in devices_of(workspace)).items())


def device_warnings(workspace: Workspace, today: date) -> Iterable[Point]:
    """Devices that somebody should look at, by why."""
    return level(today, Counter(code for device in devices_of(workspace) for code in warnings_of(device)).items())


FLOWS = (
    Series("job_wait", "seconds", "/jobs", job_wait),
    Series("alarms", "count", "/fleet?room=alarms", alarms),
    Series("uplinks", "count", "/fleet", uplinks),
    Series("labelling_delay", "seconds", "/fleet", labelling_delay),
)
LEVELS = (
    Series("job_queue", "count", "/jobs", job_queue),
    Series("devices", "count", "/fleet", devices),
    Series("device_warnings", "count", "/fleet", device_warnings),
)
