"""Writes of the fleet: devices, what they say of themselves, alarms, campaigns. Uplinks, commands and rollouts have files of their own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ml.edge.campaign import parse
from webapp.accounts.models import User, Workspace
from webapp.core.errors import Conflict, DomainError, Forbidden
from webapp.fleet.commands import campaigns_tell
from webapp.fleet.models import Alarm, Device, Heartbeat, TriggerCampaign
from webapp.fleet.tokens import token_issue

KEEP_HEARTBEATS = timedelta(days=30)


@transaction.atomic
def device_register(*, workspace: Workspace, name: str, vehicle: str = "") -> tuple[Device, str]:
    """A device and its token, which is shown once.

    Raises:
        Conflict `name_taken`.
    """
    if Device.objects.filter(workspace=workspace, name=name).exists():
        raise Conflict(
            "name_taken", f"There is a device named '{name}' already.", fields={"name": "This name is taken."}
        )
    device = Device.objects.create(workspace=workspace, name=name, vehicle=vehicle)
    campaigns_tell(workspace, devices=[device])
    return device, token_issue(device)


def heartbeat_record(device: Device, said: dict[str, Any]) -> None:
    now = timezone.now()
    ahead = float(said["sent_at_ms"]) - now.timestamp() * 1000
    Device.objects.filter(id=device.id).update(
        agent_version=said["agent_version"],
        model_version=said["model_version"],
        last_seen_at=now,
        clock_ahead_ms=ahead,
        health={key: value for key, value in said.items() if key not in ("lat", "lon")},
        **({"lat": said["lat"], "lon": said["lon"]} if said.get("lat") is not None else {}),
    )
    Heartbeat.objects.create(
        device=device,
        **{name: said[name] for name in ("boot", "model_version", "frames", "alarms", "errors")},
    )


def own_key(device: Device, key: str) -> str:
    """The key, which begins with the device's own name.

    Raises:
        Forbidden `not_this_device`: it speaks for another.
    """
    if key.split(":", 1)[0] != device.name:
        raise Forbidden("not_this_device", f"A token of '{device.name}' does not speak for '{key.split(':', 1)[0]}'.")
    return f"{device.workspace_id}/{key}"


def our_time(at_ms: float, sent_at_ms: float) -> datetime:
    """A device's time by our clock: what its clock is ahead now is taken off. The future is no time of a picture."""
    now = timezone.now()
    ahead_ms = sent_at_ms - now.timestamp() * 1000
    try:
        at = datetime.fromtimestamp((at_ms - ahead_ms) / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise DomainError("invalid", "at_ms is no time.", fields={"at_ms": "Milliseconds since 1970."}) from None
    return min(at, now)


def alarm_record(device: Device, key: str, **said: Any) -> tuple[Alarm, bool]:
    """The alarm of this key, and whether it is new."""
    try:
        with transaction.atomic():
            return Alarm.objects.create(device=device, key=own_key(device, key), **said), True
    except IntegrityError:
        return Alarm.objects.get(device=device, key=own_key(device, key)), False


@transaction.atomic
def campaign_create(*, workspace: Workspace, text: str, by: User) -> TriggerCampaign:
    """Read the sentence, and tell every device.

    Raises:
        DomainError `campaign_not_understood`.
    """
    taxonomy = workspace.taxonomies.order_by("id").first()
    names = list(taxonomy.categories.values_list("name", flat=True)) if taxonomy else []
    try:
        rule = parse(text, names)
    except ValueError as error:
        raise DomainError("campaign_not_understood", str(error), fields={"text": str(error)}) from None
    campaign = TriggerCampaign.objects.create(workspace=workspace, text=text, rule=rule.to_json(), created_by=by)
    campaigns_tell(workspace)
    return campaign


@transaction.atomic
def campaign_move(campaign: TriggerCampaign, state: str) -> TriggerCampaign:
    """Pause it, go on, or end it for good.

    Raises:
        Conflict `campaign_ended`.
    """
    if campaign.state == TriggerCampaign.State.ENDED and state != campaign.state:
        raise Conflict("campaign_ended", "This campaign has ended; write a new one.")
    if state != campaign.state:
        campaign.state = state
        campaign.save(update_fields=["state", "updated_at"])
        campaigns_tell(campaign.workspace)
    return campaign


def heartbeats_forget() -> int:
    return Heartbeat.objects.filter(at__lt=timezone.now() - KEEP_HEARTBEATS).delete()[0]
