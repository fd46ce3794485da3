"""Blind trials on the wire: only what was measured, and only for leads."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField

MOST_SHARE = 0.5


class AuditMixSerializer(serializers.Serializer[Any]):
    """Shares of the claimed frames."""

    seeded_share = FiniteField(required=False, min_value=0, max_value=MOST_SHARE)
    gold_share = FiniteField(required=False, min_value=0, max_value=MOST_SHARE)
    consensus_share = FiniteField(required=False, min_value=0, max_value=MOST_SHARE)


class AuditorSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class RateSerializer(serializers.Serializer[Any]):
    shown = serializers.IntegerField()
    found = serializers.IntegerField()
    sensitivity = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class KindSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="shifted, relabelled, ghost, hidden; gold for the errors of gold frames.")
    shown = serializers.IntegerField()
    found = serializers.IntegerField()


class MeasuredSerializer(RateSerializer):
    """Of wrong labels; `missing` is of objects without a label."""

    trials = serializers.IntegerField()
    missing = RateSerializer()
    kinds = KindSerializer(many=True)


class GoldAnswersSerializer(serializers.Serializer[Any]):
    frames = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    recall = serializers.FloatField(allow_null=True)
    mean_iou = serializers.FloatField(allow_null=True)
    seconds_a_box = serializers.FloatField(allow_null=True)


class PersonMeasuredSerializer(MeasuredSerializer):
    user = AuditorSerializer()
    gold = GoldAnswersSerializer()


class SensitivitySerializer(serializers.Serializer[Any]):
    confidence = serializers.FloatField()
    interval = serializers.CharField()
    all = MeasuredSerializer()
    people = PersonMeasuredSerializer(many=True)


class GoldFrameSerializer(serializers.Serializer[Any]):
    frame = serializers.IntegerField(source="frame_id")
    name = serializers.CharField(source="frame.name")
    drive = serializers.IntegerField(source="frame.drive_id")
    drive_name = serializers.CharField(source="frame.drive.name")
    marked_by = serializers.CharField()
    marked_at = serializers.DateTimeField()
