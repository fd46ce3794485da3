"""Orders to devices: queued, delivered by long poll until they are answered, run at most once, never late."""

import random
import time
from collections.abc import Sequence
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from ml.edge.alarms import Thresholds
from ml.edge.mount import Mount
from ml.edge.uplink import Budget
from webapp.accounts.models import User, Workspace
from webapp.core.errors import Conflict, DomainError
from webapp.fleet.models import Command, Device, Rollout, TriggerCampaign

LIVES = timedelta(hours=24)
STANDS = timedelta(days=30)  # a setting is waited for longer than an order: a car may stand for weeks
AGAIN_AFTER = timedelta(seconds=60)  # a delivery without an answer is tried again
LOOK_EVERY_S = 0.5
# Of a process's eight threads so many may wait with a device, for each holds one. Who finds no room is answered at once, and told
# when to come again: a fleet of hundreds asks a dozen times a second, and hears of an order half a minute later at most.
WAITING_ROOM = BoundedSemaphore(3)
AGAIN_S = (15.0, 30.0)


def command_issue(
    device: Device,
    kind: str,
    args: dict[str, Any],
    *,
    by: User | None,
    lives: timedelta = LIVES,
    rollout: Rollout | None = None,
) -> Command:
    """Queue an order.

    Raises:
        DomainError `invalid`: the arguments would be refused by any device.
    """
    args_check(kind, args)
    return Command.objects.create(
        device=device, kind=kind, args=args, created_by=by, expires_at=timezone.now() + lives, rollout=rollout
    )


@transaction.atomic
def camera_set(device: Device, camera: dict[str, Any], *, by: User) -> Command:
    """Note how a device's camera is built in, and tell it; an empty one is the usual. An older word that waits is taken back.

    Raises:
        DomainError `invalid`.
    """
    args_check(Command.Kind.SET_CAMERA, camera)
    Device.objects.filter(id=device.id).update(camera=camera)
    _take_back([device], Command.Kind.SET_CAMERA)
    return command_issue(device, Command.Kind.SET_CAMERA, camera, by=by, lives=STANDS)


@transaction.atomic
def command_all(workspace: Workspace, kind: str, args: dict[str, Any], *, by: User) -> int:
    """The same setting for every device of the workspace; how many were told. Raises: DomainError `invalid`."""
    args_check(kind, args)
    devices = list(Device.objects.filter(workspace=workspace))
    expires_at = timezone.now() + STANDS
    made = [Command(device=device, kind=kind, args=args, created_by=by, expires_at=expires_at) for device in devices]
    return len(Command.objects.bulk_create(made))


def args_check(kind: str, args: dict[str, Any]) -> None:
    """By the device's own rules, before it is sent. Raises: DomainError `invalid`."""
    try:
        match kind:
            case Command.Kind.SET_THRESHOLDS:
                Thresholds().changed(args)
            case Command.Kind.SET_BUDGET:
                Budget().changed(args)
            case Command.Kind.SET_CAMERA if args:
                Mount.from_json(args)
            case Command.Kind.REQUEST_CLIP:
                if not 0 < float(args.get("seconds", 5)) <= 60 or float(args["at_ms"]) <= 0:
                    raise ValueError("at_ms is wanted, and seconds in 0 to 60")
    except (ValueError, TypeError, KeyError) as error:
        raise DomainError("invalid", f"{error}", fields={"args": f"{error}"}) from None


def commands_due(device: Device, *, wait_s: float) -> tuple[list[Command], float]:
    """What the device should do now, the oldest first, and after how many seconds it should ask again.

    Waits up to `wait_s` for something to come, where there is room to wait.
    """
    found = _deliver(device)
    if found or wait_s <= 0:
        return found, 0.0
    if not WAITING_ROOM.acquire(blocking=False):
        return [], round(random.uniform(*AGAIN_S), 1)
    try:
        until = time.monotonic() + wait_s
        while not found and time.monotonic() < until:
            if not connection.in_atomic_block:
                connection.close()  # nobody holds a connection while waiting
            time.sleep(LOOK_EVERY_S)
            found = _deliver(device)
    finally:
        WAITING_ROOM.release()
    return found, 0.0


def _deliver(device: Device) -> list[Command]:
    """Mostly there is nothing, which is found without a lock on anything."""
    return _take(device) if Command.objects.filter(device=device, state__in=Command.OPEN_STATES).exists() else []


@transaction.atomic
def _take(device: Device) -> list[Command]:
    now = timezone.now()
    commands_expire(device)
    # What runs is asked about again too: the answer that it ended may have been lost, and a device runs nothing twice.
    waiting = Command.objects.filter(device=device, state__in=Command.OPEN_STATES).select_related("device")
    due = [
        one
        for one in waiting.order_by("issued_at")[:20]
        if one.delivered_at is None or one.delivered_at <= now - AGAIN_AFTER
    ]
    told = Command.objects.filter(id__in=[command.id for command in due])
    told.update(delivered_at=now, deliveries=F("deliveries") + 1)
    told.filter(state=Command.State.QUEUED).update(state=Command.State.DELIVERED)
    return due


def args_by_clock_of(command: Command) -> dict[str, Any]:
    """What is sent: the time of a clip is by our clock, and a device finds its pictures by its own."""
    if command.kind != Command.Kind.REQUEST_CLIP:
        return dict(command.args)
    return {**command.args, "at_ms": float(command.args["at_ms"]) + command.device.clock_ahead_ms}


def command_ack(device: Device, command_id: UUID, *, state: str, result: dict[str, Any]) -> Command:
    """What the device says of an order; said again it changes nothing.

    Raises:
        DomainError `unknown_command` (404): none of this device's. Conflict `command_ended`: it has another end.
    """
    command = Command.objects.filter(device=device, id=command_id).first()
    if command is None:
        raise DomainError("unknown_command", "This device was never told that.", status=404)
    ended = state not in Command.OPEN_STATES
    moved = Command.objects.filter(id=command.id, state__in=Command.MOVES[state]).update(
        state=state, result=result, ended_at=timezone.now() if ended else None
    )
    command.refresh_from_db()
    if not moved and command.state != state and ended:
        raise Conflict("command_ended", f"This order is {command.state} already.")
    return command


def command_cancel(command: Command) -> Command:
    """Take back what no device has begun. Raises: Conflict `command_ended`."""
    waiting = Command.objects.filter(id=command.id, state__in=[Command.State.QUEUED, Command.State.DELIVERED])
    if not waiting.update(state=Command.State.CANCELLED, ended_at=timezone.now()):
        raise Conflict("command_ended", f"This order is {command.state} already.")
    command.refresh_from_db()
    return command


def commands_expire(device: Device | None = None) -> int:
    """What nobody came for in time."""
    late = Command.objects.filter(state__in=Command.OPEN_STATES, expires_at__lte=timezone.now())
    late = late.filter(device=device) if device else late
    return late.update(state=Command.State.EXPIRED, ended_at=timezone.now())


def campaigns_tell(workspace: Workspace, devices: Sequence[Device] | None = None) -> None:
    """Every device gets the whole list of running campaigns; an older list that waits is taken back."""
    running = TriggerCampaign.objects.filter(workspace=workspace, state=TriggerCampaign.State.RUNNING).order_by("id")
    rules = [{**campaign.rule, "id": str(campaign.id)} for campaign in running]
    devices = list(Device.objects.filter(workspace=workspace)) if devices is None else list(devices)
    _take_back(devices, Command.Kind.SET_CAMPAIGNS)
    expires_at = timezone.now() + STANDS
    Command.objects.bulk_create(
        Command(device=device, kind=Command.Kind.SET_CAMPAIGNS, args={"campaigns": rules}, expires_at=expires_at)
        for device in devices
        if rules or Command.objects.filter(device=device, kind=Command.Kind.SET_CAMPAIGNS).exists()
    )


def _take_back(devices: Sequence[Device], kind: str) -> None:
    waiting = Command.objects.filter(
        device__in=devices, kind=kind, state__in=[Command.State.QUEUED, Command.State.DELIVERED]
    )
    waiting.update(state=Command.State.CANCELLED, ended_at=timezone.now())
