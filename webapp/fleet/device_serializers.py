"""The fleet on the wire, for devices."""

from math import isfinite
from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField
from webapp.fleet.models import Alarm, Command

LARGEST_COUNT = 2**53
SAID = [(state, state) for state in map(str, Command.MOVES)]


class StampedSerializer(serializers.Serializer[Any]):
    """Every message says when it was sent by the device's clock, so that a wrong clock can be taken off."""

    sent_at_ms = FiniteField(min_value=0, max_value=1e14)


class KeyedSerializer(StampedSerializer):
    key = serializers.RegexField(r"^[-a-zA-Z0-9_]{1,60}:\d{1,12}:\d{1,12}$", help_text="device:boot:number")
    at_ms = FiniteField(min_value=0, max_value=1e14)


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(required=False, default=0, min_value=0, max_value=LARGEST_COUNT)


class SettingsSerializer(serializers.Serializer[Any]):
    """What is in force on the device."""

    thresholds = serializers.DictField(child=FiniteField(), required=False, default=dict)
    budget = serializers.DictField(child=FiniteField(), required=False, default=dict)
    camera = serializers.DictField(child=FiniteField(allow_null=True), required=False, default=dict)


class HeartbeatSerializer(StampedSerializer):
    agent_version = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    model_version = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    boot = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)
    frames, alarms = _count(), _count()
    errors = _count()  # type: ignore[assignment]  # the base class calls its own findings so
    waiting, spool_bytes, evicted, dropped = _count(), _count(), _count(), _count()
    scene = serializers.DictField(child=FiniteField(), required=False, default=dict)
    settings = SettingsSerializer(required=False)
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
    side = serializers.ChoiceField(choices=Alarm.Side.choices, required=False, allow_blank=True, default="")
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


class SeenSerializer(serializers.Serializer[Any]):
    at_ms = FiniteField(min_value=0, max_value=1e14)
    speed_kmh = FiniteField(required=False, allow_null=True, default=None)
    scene = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, max_length=10, default=list
    )
    boxes = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField(), min_length=6, max_length=6), max_length=200
    )

    def validate_boxes(self, boxes: list[list[Any]]) -> list[list[Any]]:
        """[category, score, x, y, width, height]: short, for there are many."""
        for category, *numbers in boxes:
            ints = all(isinstance(one, int | float) and not isinstance(one, bool) and isfinite(one) for one in numbers)
            if not isinstance(category, str) or len(category) > 60 or not ints:
                raise serializers.ValidationError("A box is a category and five numbers.")
            if not 0 <= numbers[0] <= 1 or numbers[3] <= 0 or numbers[4] <= 0:
                raise serializers.ValidationError("A box has a score of 0 to 1 and an area.")
        return boxes


class SightingInSerializer(KeyedSerializer):
    """Frames that stayed on the device, in order of time."""

    width = serializers.IntegerField(min_value=1, max_value=20_000)
    height = serializers.IntegerField(min_value=1, max_value=20_000)
    frames = SeenSerializer(many=True, min_length=1, max_length=200)  # type: ignore[call-arg]  # the stubs know no lists


class CommandOutSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Command.Kind.choices)
    args = serializers.DictField()
    expires_ms = serializers.FloatField()


class CommandsOutSerializer(serializers.Serializer[Any]):
    results = CommandOutSerializer(many=True)
    server_ms = serializers.FloatField()
    again_s = serializers.FloatField(help_text="Seconds to stay away; 0 is none.")


class AckSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=SAID)
    result = serializers.DictField(required=False, default=dict)
