"""Tracks on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField, IdField
from webapp.labels.serializers import BoxSerializer
from webapp.labels.track_services import TRACK_KINDS

NEEDS = {"relabel": "category", "reshape": "keys", "split": "frame", "merge": "other", "undo": "operation"}
MOST_FRAMES = 5_000


class TracksWantedSerializer(serializers.Serializer[Any]):
    drive = IdField()


class TrackBriefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    category = serializers.IntegerField(allow_null=True)
    clip = serializers.IntegerField(help_text="The first, where it is in several.")
    start = serializers.IntegerField(help_text="Index of its first frame in the clip.")
    end = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Boxes that wait for a decision.")
    boxes = serializers.IntegerField()
    priority = serializers.FloatField(help_text="The highest risk * severity / 2.75 that waits.")


class TracksSerializer(serializers.Serializer[Any]):
    results = TrackBriefSerializer(many=True)


class TrackFrameSerializer(serializers.Serializer[Any]):
    """A frame with the track's boxes on it: none, one, or a kept one beside rejected ones."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    clip = serializers.IntegerField()
    index = serializers.IntegerField()
    time_ms = serializers.FloatField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    held_by = serializers.CharField(allow_null=True)
    boxes = BoxSerializer(many=True)


class TrackDetailSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    drive = serializers.IntegerField()
    drive_name = serializers.CharField()
    taxonomy = serializers.IntegerField()
    category = serializers.IntegerField(allow_null=True)
    frames = TrackFrameSerializer(many=True)


class KeySerializer(serializers.Serializer[Any]):
    frame = IdField()
    x = FiniteField()
    y = FiniteField()
    width = FiniteField()
    height = FiniteField()


class VersionsField(serializers.DictField):
    """Frame id -> the version that the person saw."""

    child = serializers.IntegerField(min_value=1)

    def to_internal_value(self, data: Any) -> dict[int, int]:
        values = super().to_internal_value(data)
        if not values or len(values) > MOST_FRAMES:
            raise serializers.ValidationError(f"One to {MOST_FRAMES} frames.")
        if any(not key.isdecimal() or len(key) > 18 for key in values):
            raise serializers.ValidationError("The keys are ids of frames.")
        return {int(key): version for key, version in values.items()}


class TrackOperationSerializer(serializers.Serializer[Any]):
    """One decision about a whole track. `id` is made by the client and is what makes a repeat harmless, and what `undo` names."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=TRACK_KINDS)
    versions = VersionsField(help_text="Frame id -> version, of every frame that the track has a box on.")
    category = IdField(required=False, help_text="For `relabel`.")
    keys = serializers.ListField(
        child=KeySerializer(), required=False, min_length=1, max_length=MOST_FRAMES, help_text="For `reshape`."
    )
    frame = IdField(required=False, help_text="For `split`: the first of the new track.")
    other = IdField(required=False, help_text="For `merge`: the track whose boxes come to this one.")
    operation = serializers.UUIDField(required=False, help_text="For `undo`: the decision to take back.")
    seconds = FiniteField(required=False, min_value=0, max_value=86_400)
    device = serializers.CharField(required=False, allow_blank=True, max_length=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed = NEEDS.get(attrs["kind"])
        if needed and needed not in attrs:
            raise serializers.ValidationError({needed: f"'{attrs['kind']}' needs this."})
        frames = [key["frame"] for key in attrs.get("keys", [])]
        if len(set(frames)) < len(frames):
            raise serializers.ValidationError({"keys": "A frame is a key once."})
        return attrs


class TrackResultSerializer(serializers.Serializer[Any]):
    """`tracks`: the one asked about first by id, and those that its boxes came from or went to."""

    id = serializers.UUIDField()
    duplicate = serializers.BooleanField()
    tracks = TrackDetailSerializer(many=True)
