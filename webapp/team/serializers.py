"""The team on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.labels.serializers import HolderSerializer
from webapp.team.models import Presence


class PersonInTeamSerializer(HolderSerializer):
    role = serializers.CharField()


class PeopleSerializer(serializers.Serializer[Any]):
    results = PersonInTeamSerializer(many=True)


class PresentSerializer(serializers.Serializer[Any]):
    """A person who is here, and what they look at."""

    user = HolderSerializer()
    place = serializers.ChoiceField(choices=Presence.Place.choices)
    frame = serializers.IntegerField(allow_null=True)
    frame_name = serializers.CharField()
    drive = HolderSerializer(allow_null=True)
    held = serializers.IntegerField(help_text="Frames lent to them now.")
    seen_at = serializers.DateTimeField()


class PresenceSerializer(serializers.Serializer[Any]):
    results = PresentSerializer(many=True)


class AssignmentWriteSerializer(serializers.Serializer[Any]):
    user = IdField()
    drive = IdField(required=False, allow_null=True)
    category = IdField(required=False, allow_null=True)
    alone = serializers.BooleanField(required=False, default=False)


class EndSerializer(serializers.Serializer[Any]):
    ended = serializers.BooleanField(required=False, default=True, help_text="False gives it again.")


class ProgressSerializer(serializers.Serializer[Any]):
    unit = serializers.ChoiceField(choices=["frames", "boxes"])
    total = serializers.IntegerField()
    done = serializers.IntegerField(help_text="By whomever.")
    by_them = serializers.IntegerField(help_text="By the person whose assignment it is.")


class AssignmentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user = HolderSerializer()
    drive = HolderSerializer(allow_null=True)
    category = HolderSerializer(allow_null=True)
    alone = serializers.BooleanField()
    created_by = HolderSerializer()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    progress = ProgressSerializer()


class AssignmentsSerializer(serializers.Serializer[Any]):
    results = AssignmentSerializer(many=True)
