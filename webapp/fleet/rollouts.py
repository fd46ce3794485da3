"""Releases to devices in stages: canaries first, the rest when those stay healthy, everybody back when they do not."""

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Min
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.fleet.commands import command_issue
from webapp.fleet.models import Command, Device, Heartbeat, Release, Rollout

BEFORE = timedelta(hours=24)  # with what a device did until then it is compared
FEWEST_FRAMES = 200  # before that many a rate says nothing
FAILED_SHARE = 0.2
SILENT_AFTER = timedelta(minutes=15)
ORDER_LIVES = timedelta(days=7)


def release_create(*, workspace: Workspace, version: str, filename: str, data: bytes, notes: str, by: User) -> Release:
    """A release with its bytes in the store. Raises: Conflict `name_taken`."""
    if Release.objects.filter(workspace=workspace, version=version).exists():
        raise Conflict(
            "name_taken", f"Release {version} is there already.", fields={"version": "This version is taken."}
        )
    suffix = ".zip" if filename.endswith(".zip") else ".onnx"
    key = storage.put_bytes(data, suffix)
    return Release.objects.create(
        workspace=workspace, version=version, filename=filename, key=key, sha256=key.rsplit("/", 1)[-1].split(".")[0],
        size=len(data), notes=notes, created_by=by,
    )  # fmt: skip


@transaction.atomic
def rollout_start(release: Release, *, canary_share: float, soak_minutes: int, max_rise: float, by: User) -> Rollout:
    """Begin with a random part of the devices, one at least.

    Raises:
        Conflict `rollout_under_way`, `no_devices` or `release_gone`.
    """
    if not storage.exists(release.key):
        raise Conflict("release_gone", f"The file of {release} was taken away with footage that was in it.")
    devices = list(Device.objects.filter(workspace=release.workspace).exclude(model_version=release.version))
    if not devices:
        raise Conflict("no_devices", "Every device has this release, or there are none.")
    try:
        with transaction.atomic():
            rollout = Rollout.objects.create(
                workspace=release.workspace, release=release, canary_share=canary_share, soak_minutes=soak_minutes,
                max_rise=max_rise, created_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict("rollout_under_way", "Another release is on its way; wait for it or roll it back.") from None
    count = max(1, math.ceil(canary_share * len(devices)))
    _order(rollout, random.Random(rollout.id).sample(devices, count))
    return rollout


def rollouts_tick() -> dict[str, int]:
    """Look at every rollout under way; how many moved."""
    moved = sum(rollout_advance(rollout) for rollout in Rollout.objects.filter(state__in=Rollout.UNDER_WAY))
    return {"rollouts_moved": moved}


@transaction.atomic
def rollout_advance(rollout: Rollout) -> bool:
    """On to the next stage, to the end, or back; whether anything moved."""
    rollout = Rollout.objects.select_for_update().select_related("workspace", "release").get(id=rollout.id)
    if rollout.state not in Rollout.UNDER_WAY:
        return False
    if reason := trouble(rollout):
        rollout_back(rollout, reason)
        return True
    orders = rollout.commands.filter(kind=Command.Kind.INSTALL_RELEASE)
    if orders.filter(state__in=Command.OPEN_STATES).exists():
        return False
    if rollout.state == Rollout.State.ROLLING:
        _end(rollout, Rollout.State.DONE, "")
        return True
    soaked = orders.aggregate(latest=Max("ended_at"))["latest"]
    if soaked is None or timezone.now() < soaked + timedelta(minutes=rollout.soak_minutes):
        return False
    told = orders.values_list("device_id", flat=True)
    rest = Device.objects.filter(workspace=rollout.workspace).exclude(id__in=told)
    _order(rollout, list(rest.exclude(model_version=rollout.release.version)))
    Rollout.objects.filter(id=rollout.id).update(state=Rollout.State.ROLLING)
    return True


def trouble(rollout: Rollout) -> str:
    """Why the rollout must stop; empty while all is well."""
    orders = list(rollout.commands.filter(kind=Command.Kind.INSTALL_RELEASE).select_related("device"))
    failed = [order for order in orders if order.state in (Command.State.FAILED, Command.State.REJECTED)]
    ended = [order for order in orders if order.state not in Command.OPEN_STATES]
    if ended and len(failed) / len(ended) > FAILED_SHARE:
        return f"{len(failed)} of {len(ended)} devices could not install it."
    installed = [order for order in ended if order.state == Command.State.SUCCEEDED and order.ended_at]
    silent = [order for order in installed if _silent(order)]
    if silent and len(silent) / len(installed) > FAILED_SHARE:
        return f"{len(silent)} of {len(installed)} devices fell silent after it."
    return _risen(rollout, installed)


def _silent(order: Command) -> bool:
    """It spoke before, and since the install not for a long while."""
    assert order.ended_at is not None
    seen = order.device.last_seen_at
    return seen is not None and timezone.now() - max(seen, order.ended_at) > SILENT_AFTER


def _risen(rollout: Rollout, installed: Sequence[Command]) -> str:
    """Errors or alarms a frame, after against before, over the devices that have it."""
    before = after = (0, 0, 0)
    for order in installed:
        assert order.ended_at is not None
        before = _sum(before, counted(order.device, order.ended_at - BEFORE, order.ended_at))
        after = _sum(after, counted(order.device, order.ended_at, timezone.now()))
    if after[0] < FEWEST_FRAMES:
        return ""
    for place, what in ((1, "alarms"), (2, "errors")):
        was = before[place] / before[0] if before[0] else None
        now = after[place] / after[0]
        # Two events are no rise: a quiet fleet would roll back at its first alarm.
        expected = (was or 0.0) * after[0]
        if (
            was is not None
            and now > was * (1 + rollout.max_rise)
            and after[place] - expected > 3 * max(1.0, expected) ** 0.5
        ):
            return f"{what} rose from {1000 * was:.1f} to {1000 * now:.1f} a thousand frames."
    return ""


def counted(device: Device, start: datetime, end: datetime) -> tuple[int, int, int]:
    """(frames, alarms, errors) between two times, by heartbeats; counters begin anew with each boot."""
    beats = Heartbeat.objects.filter(device=device, at__gt=start, at__lte=end).values("boot")
    spans = beats.annotate(
        frames_0=Min("frames"), frames_1=Max("frames"), alarms_0=Min("alarms"), alarms_1=Max("alarms"),
        errors_0=Min("errors"), errors_1=Max("errors"),
    ).order_by("boot")  # fmt: skip
    total = (0, 0, 0)
    for span in spans:
        frames, alarms = span["frames_1"] - span["frames_0"], span["alarms_1"] - span["alarms_0"]
        total = _sum(total, (frames, alarms, span["errors_1"] - span["errors_0"]))
    return total


@transaction.atomic
def rollout_back(rollout: Rollout, reason: str) -> Rollout:
    """Take back what waits, and order every device that has it, or may get it, to its earlier release.

    Raises:
        Conflict `rollout_ended`: it went back before.
    """
    rollout = Rollout.objects.select_for_update().get(id=rollout.id)
    if rollout.state == Rollout.State.ROLLED_BACK:
        raise Conflict("rollout_ended", "This rollout has been rolled back already.")
    orders = rollout.commands.filter(kind=Command.Kind.INSTALL_RELEASE)
    orders.filter(state=Command.State.QUEUED).update(state=Command.State.CANCELLED, ended_at=timezone.now())
    reached = orders.filter(state__in=[*Command.OPEN_STATES, Command.State.SUCCEEDED]).select_related("device")
    for order in reached:
        command_issue(
            order.device,
            Command.Kind.ROLL_BACK,
            {"version": rollout.release.version},
            by=None,
            lives=ORDER_LIVES,
            rollout=rollout,
        )
    return _end(rollout, Rollout.State.ROLLED_BACK, reason)


def order_args(release: Release) -> dict[str, Any]:
    """What a device must know to install it."""
    return {
        "release": release.id,
        "version": release.version,
        "sha256": release.sha256,
        "format": "zip" if release.key.endswith(".zip") else "onnx",
    }


def _order(rollout: Rollout, devices: Sequence[Device]) -> None:
    args = order_args(rollout.release)
    for device in devices:
        command_issue(
            device, Command.Kind.INSTALL_RELEASE, args, by=rollout.created_by, lives=ORDER_LIVES, rollout=rollout
        )


def _end(rollout: Rollout, state: str, reason: str) -> Rollout:
    rollout.state, rollout.reason, rollout.ended_at = state, reason, timezone.now()
    rollout.save(update_fields=["state", "reason", "ended_at", "updated_at"])
    return rollout


def _sum(a: tuple[int, int, int], b: tuple[int, int, int]) -> tuple[int, int, int]:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]
