"""Writes of webhooks: who is told, and that it is remembered until it is told."""

import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.control.acts import act_record
from webapp.core.errors import Conflict, DomainError
from webapp.core.outbound import OutboundRefused, outbound_check
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.jobs.services import enqueue
from webapp.webhooks.models import Delivery, Webhook

MOST_WEBHOOKS = 20
KEPT = timedelta(days=30)


@transaction.atomic
def webhook_create(*, workspace: Workspace, url: str, events: list[str], by: User) -> Webhook:
    """With a new secret.

    Raises: DomainError `bad_address`, `too_many_webhooks`; Conflict `address_taken`.
    """
    _check(url)
    if Webhook.objects.filter(workspace=workspace).count() >= MOST_WEBHOOKS:
        raise DomainError("too_many_webhooks", f"A workspace tells at most {MOST_WEBHOOKS} addresses.")
    try:
        with transaction.atomic():
            hook = Webhook.objects.create(
                workspace=workspace, url=url, events=events, secret=new_secret(), created_by=by
            )
    except IntegrityError:
        raise Conflict("address_taken", "This address is told already.", fields={"url": "Told already."}) from None
    act_record("webhook.created", url, workspace=workspace, actor=by, after=_state(hook))
    return hook


@transaction.atomic
def webhook_change(hook: Webhook, *, by: User, **values: Any) -> Webhook:
    """`url`, `events`, `active`. Raises: DomainError `bad_address`."""
    before = _state(hook)
    for name, value in values.items():
        setattr(hook, name, value)
    _check(hook.url)
    hook.save(update_fields=[*values, "updated_at"])
    act_record("webhook.changed", hook, workspace=hook.workspace, actor=by, before=before, after=_state(hook))
    return hook


@transaction.atomic
def webhook_secret_renew(hook: Webhook, *, by: User) -> Webhook:
    """From now on signed with another; the old one is void at once."""
    hook.secret = new_secret()
    hook.save(update_fields=["secret", "updated_at"])
    act_record("webhook.secret_renewed", hook, workspace=hook.workspace, actor=by)
    return hook


@transaction.atomic
def webhook_delete(hook: Webhook, *, by: User) -> None:
    """Its log goes with it."""
    act_record("webhook.deleted", hook, workspace=hook.workspace, actor=by, before=_state(hook))
    hook.delete()


def event_tell(workspace_id: int, event: str, about: dict[str, Any]) -> int:
    """Put the event into the outbox of everyone who asked for it, in the caller's transaction; how many those are."""
    hooks = [hook for hook in Webhook.objects.filter(workspace=workspace_id, active=True) if event in hook.events]
    for hook in hooks:
        _put(hook, event, about)
    return len(hooks)


def webhook_ping(hook: Webhook) -> Delivery:
    """A test, sent whatever it listens to."""
    return _put(hook, Webhook.Event.PING, {"webhook": hook.id})


@transaction.atomic
def delivery_repeat(delivery: Delivery) -> Delivery:
    """Send it again, as it was. Raises: Conflict `still_waiting`."""
    waiting = {"state": Delivery.State.WAITING, "attempts": 0, "due_at": timezone.now()}
    if not Delivery.objects.filter(id=delivery.id).exclude(state=Delivery.State.WAITING).update(**waiting):
        raise Conflict("still_waiting", "It is on its way already.")
    delivery.refresh_from_db()
    sending_enqueue(delivery.webhook.workspace)
    return delivery


def sending_enqueue(workspace: Workspace) -> None:
    """One job at a time and workspace sends what is due."""
    queued = active_for(workspace).filter(kind=Job.Kind.SEND_WEBHOOKS, state=Job.State.QUEUED)
    if not queued.exists():
        enqueue(Job.Kind.SEND_WEBHOOKS, workspace=workspace, params={}, title="Tell webhooks")


def webhooks_tick() -> dict[str, int]:
    """For the upkeep: what is due again is sent, and what was told a month ago is forgotten."""
    now = timezone.now()
    due = Workspace.objects.filter(
        webhooks__deliveries__state=Delivery.State.WAITING, webhooks__deliveries__due_at__lte=now
    )
    for workspace in due.distinct():
        if not active_for(workspace).filter(kind=Job.Kind.SEND_WEBHOOKS).exists():
            sending_enqueue(workspace)
    told = Delivery.objects.exclude(state=Delivery.State.WAITING)
    forgotten, _ = told.filter(created_at__lt=now - KEPT).delete()
    return {"old_deliveries": forgotten}


def new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _put(hook: Webhook, event: str, about: dict[str, Any]) -> Delivery:
    now = timezone.now()
    payload = {"event": event, "at": now.isoformat(), "workspace": hook.workspace.slug, "about": about}
    delivery = Delivery.objects.create(webhook=hook, event=event, payload=payload, due_at=now)
    sending_enqueue(hook.workspace)
    return delivery


def _check(url: str) -> None:
    try:
        outbound_check(url)
    except OutboundRefused as error:
        raise DomainError("bad_address", str(error), fields={"url": str(error)}) from None


def _state(hook: Webhook) -> dict[str, Any]:
    return {"url": hook.url, "events": hook.events, "active": hook.active}
