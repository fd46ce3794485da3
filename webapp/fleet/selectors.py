"""Reads of the fleet."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import Workspace
from webapp.fleet.models import Alarm, Command, Device, Release, Rollout, Sighting, TriggerCampaign, Uplink

ONLINE_WITHIN = timedelta(seconds=120)
STALE_WITHIN = timedelta(hours=24)
SKEWED_MS = 60_000.0
WARNINGS = ("clock", "evicted", "errors", "blind", "backlog")


def devices_of(workspace: Workspace) -> QuerySet[Device]:
    """With what they brought in the last day."""
    day = timezone.now() - timedelta(days=1)
    return (
        Device.objects.filter(workspace=workspace)
        .annotate(
            alarms_today=Count("alarms", filter=Q(alarms__at__gte=day), distinct=True),
            uplinks_today=Count("uplinks", filter=Q(uplinks__received_at__gte=day), distinct=True),
        )
        .order_by("name")
    )


def presence_of(device: Device) -> str:
    """`online`, `offline`, `silent` for a day or more, or `never` seen."""
    if device.last_seen_at is None:
        return "never"
    age = timezone.now() - device.last_seen_at
    return "online" if age < ONLINE_WITHIN else "offline" if age < STALE_WITHIN else "silent"


def warnings_of(device: Device) -> list[str]:
    """Codes of what somebody should look at."""
    health = device.health
    found = {
        "clock": abs(device.clock_ahead_ms) > SKEWED_MS,
        "evicted": bool(health.get("evicted")),
        "errors": bool(health.get("errors")),
        "blind": bool({"blocked", "blur", "frozen"} & set(health.get("scene") or {})),
        "backlog": int(health.get("waiting") or 0) > 500,
    }
    return [code for code in WARNINGS if found[code]]


def alarms_of(workspace: Workspace) -> QuerySet[Alarm]:
    return Alarm.objects.filter(device__workspace=workspace).select_related("device").order_by("-id")


def uplinks_of(workspace: Workspace) -> QuerySet[Uplink]:
    """Those that are whole: a half-sent one is nothing yet."""
    whole = Uplink.objects.filter(device__workspace=workspace, frame__isnull=False)
    return whole.select_related("device", "frame", "campaign").order_by("-id")


def sightings_of(workspace: Workspace) -> QuerySet[Sighting]:
    return Sighting.objects.filter(device__workspace=workspace).select_related("device").order_by("-id")


def commands_of(workspace: Workspace) -> QuerySet[Command]:
    return (
        Command.objects.filter(device__workspace=workspace)
        .select_related("device", "created_by")
        .order_by("-issued_at")
    )


def campaigns_of(workspace: Workspace) -> QuerySet[TriggerCampaign]:
    day = timezone.now() - timedelta(days=1)
    brought = Q(uplinks__frame__isnull=False)
    return TriggerCampaign.objects.filter(workspace=workspace).annotate(
        brought=Count("uplinks", filter=brought),
        brought_today=Count("uplinks", filter=brought & Q(uplinks__received_at__gte=day)),
    ).order_by("-id")  # fmt: skip


def releases_of(workspace: Workspace) -> QuerySet[Release]:
    return Release.objects.filter(workspace=workspace).order_by("-id")


def rollouts_of(workspace: Workspace) -> QuerySet[Rollout]:
    return Rollout.objects.filter(workspace=workspace).select_related("release").order_by("-id")


def evidence_of(keys: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Alarm key -> the frames around it, by time."""
    found: dict[str, list[dict[str, Any]]] = {}
    whole = Uplink.objects.filter(alarm_key__in=keys, frame__isnull=False).order_by("at")
    for key, at, frame in whole.values_list("alarm_key", "at", "frame_id"):
        found.setdefault(key, []).append({"frame": frame, "at": at})
    return found


def progress_of(rollout: Rollout) -> dict[str, int]:
    """How many of its devices stand where."""
    orders = rollout.commands.filter(kind=Command.Kind.INSTALL_RELEASE).values_list("state", flat=True)
    states = list(orders)
    return {
        "ordered": len(states),
        "installed": states.count(Command.State.SUCCEEDED),
        "failed": sum(
            state in (Command.State.FAILED, Command.State.REJECTED, Command.State.EXPIRED) for state in states
        ),
        "waiting": sum(state in Command.OPEN_STATES for state in states),
    }
