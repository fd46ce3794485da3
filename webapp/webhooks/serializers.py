"""Webhooks on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.accounts.serializers import PersonSerializer
from webapp.webhooks.models import Delivery, Webhook

EVENTS = [(event, event) for event in Webhook.CHOSEN]


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """Without the secret."""

    events = serializers.ListField(child=serializers.ChoiceField(EVENTS))
    created_by = PersonSerializer(read_only=True)

    class Meta:
        model = Webhook
        fields = ["id", "url", "events", "active", "created_by", "created_at"]


class NewWebhookSerializer(WebhookSerializer):
    """The secret is shown once."""

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class WebhookWriteSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.ChoiceField(EVENTS), min_length=1, max_length=len(EVENTS))


class WebhookChangeSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(EVENTS), min_length=1, max_length=len(EVENTS), required=False
    )
    active = serializers.BooleanField(required=False)


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    webhook_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "webhook_id",
            "event",
            "payload",
            "state",
            "attempts",
            "due_at",
            "status",
            "answer",
            "created_at",
            "tried_at",
        ]
        read_only_fields = fields
