"""The fleet on the wire, for devices."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField
from webapp.fleet.models import Alarm, Command

LARGEST_COUNT = 2**53
ONE_DAY_MS = 86_400_000.0


class StampedSerializer(serializers.Serializer[Any]):
    """Every message says when it was sent by the device's clock, so that a wrong clock can be taken off."""

    sent_at_ms = FiniteField(min_value=0, max_value=1e14)


class KeyedSerializer(StampedSerializer):
    key = serializers.RegexField(r"^[-a-zA-Z0-9_]{1,60}:\d{1,12}:\d{1,12}$", help_text="device:boot:number")
    at_ms = FiniteField(min_value=0, max_value=1e14)


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, default=0, min_value=0, max_value=LARGEST_COUNT)


class HeartbeatSerializer(StampedSerializer):
    agent_version = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    model_version = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    boot = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)
    frames, alarms = _count(), _count()
    errors = _count()  # type: ignore[assignment]  # the base class calls its own findings so
    waiting, spool_bytes, evicted, dropped = _count(), _count(), _count(), _count()
    scene = serializers.DictField(child=FiniteField(), required=False, default=dict)
    speed_kmh = FiniteField(required=False, allow_null=True)
    lat = FiniteField(required=False, allow_null=True, min_value=-90, max_value=90)
    lon = FiniteField(required=False, allow_null=True, min_value=-180, max_value=180)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("lat") is None) != (attrs.get("lon") is None):
            raise serializers.ValidationError({"lat": "A place has both."})
        return attrs


class HeardSerializer(serializers.Serializer[Any]):
    server_ms = serializers.FloatField()


class AlarmInSerializer(KeyedSerializer):
    kind = serializers.ChoiceField(choices=Alarm.Kind.choices)
    level = serializers.ChoiceField(choices=[1, 2])
    gap_m = FiniteField(required=False, allow_null=True)
    seconds = FiniteField(required=False, allow_null=True)
    speed_kmh = FiniteField(required=False, allow_null=True)


class KnownSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()


class DetectionInSerializer(serializers.Serializer[Any]):
    category = serializers.CharField(max_length=60)
    score = FiniteField(min_value=0, max_value=1)
    box = serializers.ListField(child=FiniteField(), min_length=4, max_length=4)


class UplinkInSerializer(KeyedSerializer):
    size = serializers.IntegerField(min_value=1, max_value=8_000_000)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")
    trigger = serializers.CharField(max_length=40)
    alarm = serializers.CharField(max_length=160, required=False, default="", allow_blank=True)
    campaign = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)
    doubt = FiniteField(required=False, default=0.0, min_value=0, max_value=1)
    sentences = serializers.ListField(
        child=serializers.CharField(max_length=300), required=False, max_length=10, default=list
    )
    scene = serializers.DictField(child=FiniteField(), required=False, default=dict)
    boxes = DetectionInSerializer(many=True, required=False, default=list)
    speed_kmh = FiniteField(required=False, allow_null=True, default=None)


class UplinkStandsSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    state = serializers.CharField()
    offset = serializers.IntegerField()


class CommandOutSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Command.Kind.choices)
    args = serializers.DictField()
    expires_ms = serializers.FloatField()


class CommandsOutSerializer(serializers.Serializer[Any]):
    results = CommandOutSerializer(many=True)
    server_ms = serializers.FloatField()


class AckSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=list(Command.MOVES))
    result = serializers.DictField(required=False, default=dict)
