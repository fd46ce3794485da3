"""Webhooks: who outside is told of what happened here, and how telling them went."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel


class Webhook(TimestampedModel):
    """An address that is told of some kinds of events. What is sent is signed with its secret."""

    class Event(models.TextChoices):
        VERSION_FROZEN = "version.frozen"
        JOB_FAILED = "job.failed"
        MODEL_PROMOTED = "model.promoted"
        DRIVE_AUDITED = "drive.audited"
        ALARM_RAISED = "alarm.raised"
        PING = "ping"  # the test that a person asks for

    CHOSEN: ClassVar[list[str]] = [event for event in Event.values if event != "ping"]

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    # Kept as it is: it signs, and a hash could not.
    secret = models.CharField(max_length=80)
    events = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "url"], name="one_webhook_an_address")]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event for one address: the outbox, and the log of what became of it.

    waiting -> delivered | failed (after the last attempt);  failed | delivered -> waiting (sent again by a person)
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=30, choices=Webhook.Event)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it is tried next.")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="What the address answered last.")
    answer = models.TextField(blank=True, help_text="The beginning of that answer, or why there was none.")
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(due_at__isnull=False), name="waiting_delivery_is_due"
            )
        ]
        indexes = [
            models.Index(fields=["webhook", "-created_at"], name="delivery_recent"),
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook_id}"
