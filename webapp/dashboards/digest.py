"""The weekly digest: what a week brought, beside the week before; as a page, and as a letter to who leads."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from webapp.accounts.models import Membership, Workspace
from webapp.accounts.rights import READ
from webapp.dashboards.ledger import ledger
from webapp.dashboards.models import DayFigure, DigestSent
from webapp.dashboards.rollup import rolled_up
from webapp.dashboards.series import FLOWS, decided_in
from webapp.datasets.models import DatasetVersion
from webapp.fleet.models import Alarm
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.registry.models import Promotion

WEEK = timedelta(days=7)
NAMED = 10
READERS = (Membership.Role.OWNER, Membership.Role.LEAD)
TOLD = [flow for flow in FLOWS if flow.adds_up and flow.right == READ]


def digest_of(workspace: Workspace, *, weeks_back: int = 1) -> dict[str, Any]:
    """The week that began so many Mondays ago."""
    rolled_up(workspace)
    today = timezone.now().astimezone(UTC).date()
    since = today - timedelta(days=today.weekday()) - weeks_back * WEEK
    start, end = (datetime.combine(day, datetime.min.time(), UTC) for day in (since, since + WEEK))
    within = {"created_at__gte": start, "created_at__lt": end}
    frozen = DatasetVersion.objects.filter(
        dataset__workspace=workspace, frozen_at__gte=start, frozen_at__lt=end
    ).select_related("dataset")
    promoted = Promotion.objects.filter(workspace=workspace, at__gte=start, at__lt=end).select_related("model_version")
    failed = Job.objects.filter(
        workspace=workspace, state=Job.State.FAILED, finished_at__gte=start, finished_at__lt=end
    )
    people = decided_in(workspace).filter(**within).values_list("actor__name", "actor__email")
    return {
        "since": since,
        "until": since + WEEK - timedelta(days=1),
        "figures": _figures(workspace, since),
        "people": [
            {"name": name or email, "decisions": count}
            for name, email, count in people.annotate(n=Count("id")).order_by("-n")[:NAMED]
        ],
        "versions": [str(version) for version in frozen[:NAMED]],
        "promoted": [row.model_version.name for row in promoted[:NAMED]],
        "failed_jobs": [job.title for job in failed.order_by("-finished_at")[:NAMED]],
        "alarms": Alarm.objects.filter(device__workspace=workspace, at__gte=start, at__lt=end).count(),
        "ledger": [line for line in ledger(workspace)["lines"] if start <= line["until"] < end],
    }


def digest_text(workspace: Workspace, digest: dict[str, Any]) -> str:
    """The letter: plain text, a line a figure."""
    lines = [f"{workspace.name}, {digest['since']:%d %B} to {digest['until']:%d %B %Y}", ""]
    for figure in digest["figures"]:
        name = figure["name"].replace("_", " ").capitalize()
        lines.append(f"{name}: {figure['value']:,.4g} {figure['unit']} (the week before: {figure['before']:,.4g})")
    for line in digest["ledger"]:
        lines += ["", f"{line['model']} on {line['data']}: AP {line['ap']:.3f} ({line['gained']:+.3f})."]
        lines.append(f"Between: {line['decisions']:,} decisions in {line['hours']:.1f} hours of auditing.")
    named = [("Frozen", "versions"), ("Promoted", "promoted"), ("Failed jobs", "failed_jobs")]
    lines += ["", *(f"{title}: {', '.join(digest[key])}" for title, key in named if digest[key])]
    if digest["alarms"]:
        lines.append(f"Alarms of the fleet: {digest['alarms']}")
    return "\n".join(lines).strip() + "\n"


def digest_send(workspace: Workspace, *, weeks_back: int = 1) -> int:
    """To owners and leads who are active; how many. Each has a letter of their own, so that nobody reads who else had one."""
    digest = digest_of(workspace, weeks_back=weeks_back)
    text = digest_text(workspace, digest)
    readers = Membership.objects.filter(workspace=workspace, role__in=READERS, user__is_active=True)
    addresses = list(readers.values_list("user__email", flat=True).order_by("user__email"))
    subject = f"{workspace.name}: the week of {digest['since']:%d %B}".replace("\n", " ").replace("\r", " ")
    for address in addresses:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    return len(addresses)


def digests_tick() -> dict[str, int]:
    """For the upkeep: once a week, on Monday or as soon after as the product runs; a workspace of this week has no week to tell of."""
    monday = _this_monday()
    begun = datetime.combine(monday, datetime.min.time(), UTC)
    due = list(Workspace.objects.filter(created_at__lt=begun).exclude(digests_sent__week=monday))
    for workspace in due:
        with transaction.atomic():
            DigestSent.objects.create(workspace=workspace, week=monday)
            enqueue(Job.Kind.SEND_DIGEST, workspace=workspace, params={}, title="Send the weekly digest")
    return {"digests": len(due)}


def _figures(workspace: Workspace, since: date) -> list[dict[str, Any]]:
    rows = DayFigure.objects.filter(workspace=workspace, day__gte=since - WEEK, day__lt=since + WEEK)
    sums: dict[str, list[float]] = {flow.name: [0.0, 0.0] for flow in TOLD}
    for series, day, value in rows.values_list("series", "day", "value"):
        if series in sums:
            sums[series][day >= since] += value
    return [
        {
            "name": flow.name,
            "unit": flow.unit,
            "link": flow.link,
            "value": sums[flow.name][1],
            "before": sums[flow.name][0],
        }
        for flow in TOLD
    ]


def _this_monday() -> date:
    today = timezone.now().astimezone(UTC).date()
    return today - timedelta(days=today.weekday())
