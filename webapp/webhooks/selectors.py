"""Reads of webhooks and of what was told."""

from django.db.models import QuerySet

from webapp.accounts.models import Workspace
from webapp.webhooks.models import Delivery, Webhook


def webhooks_of(workspace: Workspace) -> QuerySet[Webhook]:
    return Webhook.objects.filter(workspace=workspace).select_related("workspace", "created_by").order_by("id")


def deliveries_of(workspace: Workspace) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook__workspace=workspace).select_related("webhook__workspace")
