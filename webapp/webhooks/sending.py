"""Telling: one attempt at one delivery, and when the next one is due."""

import time
from datetime import timedelta
from uuid import UUID

import orjson
from django.db.models import F
from django.utils import timezone

from webapp.accounts.models import Workspace
from webapp.core.outbound import OutboundRefused, outbound_post
from webapp.webhooks.models import Delivery
from webapp.webhooks.signing import signature

# Then it is given up: about a day and a half after the first.
PAUSES_S = (30, 120, 600, 3600, 4 * 3600, 12 * 3600, 18 * 3600)


def due_deliveries(workspace: Workspace) -> list[UUID]:
    """Oldest first."""
    due = Delivery.objects.filter(
        webhook__workspace=workspace, state=Delivery.State.WAITING, due_at__lte=timezone.now()
    )
    return list(due.order_by("created_at").values_list("id", flat=True)[:500])


def delivery_try(id: UUID) -> bool:
    """Send it now; whether the address took it. A receiver may get one twice, and knows it by `Headway-Delivery`."""
    delivery = Delivery.objects.select_related("webhook").get(id=id)
    # Counted before it is sent: one that kills the worker is not tried for ever.
    Delivery.objects.filter(id=id).update(attempts=F("attempts") + 1, tried_at=timezone.now())
    status, told = _send(delivery)
    taken = status is not None and 200 <= status < 300
    _settle(delivery.id, delivery.attempts + 1, status, told, taken)
    return taken


def _send(delivery: Delivery) -> tuple[int | None, str]:
    body, at = orjson.dumps(delivery.payload), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Headway-Webhook/1",
        "Headway-Event": delivery.event,
        "Headway-Delivery": str(delivery.id),
        "Headway-Signature": signature(delivery.webhook.secret, body, at=at),
    }
    try:
        answer = outbound_post(delivery.webhook.url, body, headers)
    except (OutboundRefused, OSError) as error:
        return None, str(error) or type(error).__name__
    return answer.status, answer.text


def _settle(id: UUID, attempts: int, status: int | None, told: str, taken: bool) -> None:
    state, due = Delivery.State.WAITING, None
    if taken:
        state = Delivery.State.DELIVERED
    elif attempts > len(PAUSES_S):
        state = Delivery.State.FAILED
    else:
        due = timezone.now() + timedelta(seconds=PAUSES_S[attempts - 1])
    text = told.replace("\0", "")[:2000]  # PostgreSQL keeps no NUL
    Delivery.objects.filter(id=id).update(state=state, due_at=due, status=status, answer=text)
