"""Series of how good the labels are: what auditors find, how far they agree, what may still be wrong, and whether risk says so."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Round, TruncDate

from webapp.accounts.models import Workspace
from webapp.accounts.rights import AUDIT_REVIEW
from webapp.audit.bound import audit_bound
from webapp.audit.models import AuditSample
from webapp.blind.sensitivity import sensitivity_report
from webapp.consensus.selectors import agreement
from webapp.dashboards.counted import Point, Series, Since, level
from webapp.labels.models import Box, BoxEvent
from webapp.risk.models import RiskModel

LATELY = timedelta(days=30)
MOST_DRIVES = 20
JUDGED = (BoxEvent.Kind.ACCEPTED, BoxEvent.Kind.REJECTED, BoxEvent.Kind.RELABELLED, BoxEvent.Kind.RESHAPED)


def sensitivity(workspace: Workspace, today: date) -> Iterable[Point]:
    """Of the wrong labels shown to people in blind trials the share that they found, with its interval; of all people together."""
    measured = sensitivity_report(workspace)["all"]
    return level(today, [(part, measured[key]) for part, key in _INTERVAL.items()])


def agreed(workspace: Workspace, today: date) -> Iterable[Point]:
    """Of the second opinions of the last 30 days: Krippendorff's alpha of the categories, mean IoU of the places."""
    since = datetime.combine(today, datetime.min.time(), UTC) - LATELY
    found = agreement(workspace, since=since)["all"]
    return level(today, [("alpha", found["alpha"]), ("iou", found["mean_iou"])])


def residual_bound(workspace: Workspace, today: date) -> Iterable[Point]:
    """At most this share of a drive's labels is wrong; corrected by what auditors overlook where that is measured."""
    return level(today, [(drive, _upper(bound)) for drive, bound in _bounds(workspace).items()])


def residual_bound_by_slice(workspace: Workspace, today: date) -> Iterable[Point]:
    """The largest of any drive, by category group, light and size: bounds of several drives cannot be averaged."""
    worst: dict[str, float] = {}
    for bound in _bounds(workspace).values():
        for row in bound["strata"]:
            name = " ".join((row["group"] or "other", row["light"], row["size"])).replace(" unknown ", " ")
            worst[name] = max(worst.get(name, 0.0), row["upper"] if row["upper"] is not None else 1.0)
    return level(today, worst.items())


def risk_and_errors(workspace: Workspace, since: Since) -> Iterable[Point]:
    """What risk said of the labels that people judged on the day, and the share of them that was wrong: calibrated, the two agree.

    Grouped by hundredths of risk in the database, so that a million labels are a few hundred rows a day.
    """
    judged = BoxEvent.objects.filter(frame__workspace=workspace, actor__isnull=False, kind__in=JUDGED)
    judged = judged.filter(box__risk__isnull=False, undone_by__isnull=True)
    if since is not None:
        judged = judged.filter(created_at__gte=since)
    rows = judged.order_by().annotate(day=TruncDate("created_at"), said=Round("box__risk", 2))
    days: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for day, said, state, count in rows.values_list("day", "said", "box__state").annotate(
        n=Count("box", distinct=True)
    ):
        days[day][0] += count
        days[day][1] += count * said
        days[day][2] += count * (state != Box.State.ACCEPTED)
    for day, (labels, said, wrong) in days.items():
        yield day, "said", said / labels
        yield day, "wrong", wrong / labels


def calibration_error(workspace: Workspace, since: Since) -> Iterable[Point]:
    """Of each fit of the risk on labels that it had not seen, by the model whose labels it judges; the last of a day counts."""
    fits = RiskModel.objects.filter(model_version__workspace=workspace).order_by("id")
    fits = fits if since is None else fits.filter(created_at__gte=since)
    rows = fits.values_list("created_at", "model_version__name", "ece")
    last = {(at.astimezone(UTC).date(), name[:80]): ece for at, name, ece in rows}
    return [(day, name, ece) for (day, name), ece in last.items()]


def _bounds(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """By drive, of the drives with a current sample, the latest first."""
    samples = AuditSample.objects.filter(drive__workspace=workspace, current=True).select_related("drive")
    return {sample.drive.name[:80]: audit_bound(sample.drive) for sample in samples.order_by("-id")[:MOST_DRIVES]}


def _upper(bound: dict[str, Any]) -> float | None:
    upper: float | None = bound["upper"] if bound["corrected"] is None else bound["corrected"]
    return upper


_INTERVAL = {"measured": "sensitivity", "at least": "low", "at most": "high"}

FLOWS = (
    Series("risk_and_errors", "share", "/models/risk", risk_and_errors, right=AUDIT_REVIEW),
    Series("calibration_error", "share", "/models/risk", calibration_error),
)
LEVELS = (
    Series("sensitivity", "share", "/audit/team", sensitivity, right=AUDIT_REVIEW),
    Series("agreement", "share", "/audit/team", agreed, right=AUDIT_REVIEW),
    Series("residual_bound", "share", "/drives", residual_bound),
    Series("residual_bound_by_slice", "share", "/drives", residual_bound_by_slice),
)
