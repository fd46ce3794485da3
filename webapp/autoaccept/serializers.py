"""Automatic acceptance on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField
from webapp.jobs.serializers import JobSerializer

USUAL_ALPHA, USUAL_DELTA = 0.02, 0.05


class PromiseSerializer(serializers.Serializer[Any]):
    alpha = FiniteField(required=False, default=USUAL_ALPHA, min_value=0.001, max_value=0.2)
    delta = FiniteField(required=False, default=USUAL_DELTA, min_value=0.001, max_value=0.2)


class SliceSerializer(serializers.Serializer[Any]):
    """Labels of a category up to a risk."""

    category = serializers.IntegerField()
    name = serializers.CharField()
    threshold = serializers.FloatField()
    share = serializers.FloatField(help_text="Of the category's drawn labels.")
    seen = serializers.IntegerField(help_text="Drawn labels up to the threshold that prove it.")
    wrong = serializers.IntegerField()
    covers = serializers.IntegerField(help_text="Labels that waited and would be accepted.")


class LaterSerializer(serializers.Serializer[Any]):
    seen = serializers.IntegerField()
    wrong = serializers.IntegerField()


class CertificateSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=["on", "off", "undone"])
    alpha = serializers.FloatField()
    delta = serializers.FloatField()
    slices = SliceSerializer(many=True)
    accepted = serializers.IntegerField()
    standing = serializers.IntegerField(help_text="Labels that are accepted by it now.")
    later = LaterSerializer(help_text="What people found among its labels since.")
    off_reason = serializers.CharField(help_text="`audits` or `shift`; empty while it is on.")
    off_at = serializers.DateTimeField(allow_null=True)
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    job = JobSerializer(allow_null=True)


class AutoAcceptSerializer(serializers.Serializer[Any]):
    """The certificate that stands, and what could be certified now."""

    alpha = serializers.FloatField()
    delta = serializers.FloatField()
    certificate = CertificateSerializer(allow_null=True)
    offer = SliceSerializer(many=True)
