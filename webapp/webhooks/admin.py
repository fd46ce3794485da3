"""Stock admin of webhooks: to look at, without their secrets. Making and changing is in the product."""

from django.contrib import admin

from webapp.core.admin import GrowingAdmin, ReadOnlyAdmin
from webapp.webhooks.models import Delivery, Webhook


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin[Webhook]):
    list_display = ["url", "workspace", "active", "created_by", "created_at"]
    list_select_related = ["workspace", "created_by"]
    search_fields = ["url"]
    exclude = ["secret"]


@admin.register(Delivery)
class DeliveryAdmin(GrowingAdmin[Delivery]):
    list_display = ["created_at", "event", "webhook", "state", "attempts", "status"]
    list_select_related = ["webhook"]
    list_filter = ["state", "event"]
    search_fields = ["webhook__url", "event"]
