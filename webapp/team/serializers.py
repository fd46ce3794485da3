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


class SinceSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(required=False, default=7, min_value=1, max_value=365)


class DecisionsWantedSerializer(SinceSerializer):
    user = IdField(required=False)


class DecisionSerializer(serializers.Serializer[Any]):
    """One decision about one box."""

    id = serializers.IntegerField()
    user = HolderSerializer()
    kind = serializers.CharField()
    frame = serializers.IntegerField()
    frame_name = serializers.CharField()
    drive_name = serializers.CharField()
    category = serializers.CharField(allow_null=True, help_text="The box's now.")
    seconds = serializers.FloatField(allow_null=True)
    created_at = serializers.DateTimeField()


class MeasuredSensitivitySerializer(serializers.Serializer[Any]):
    shown = serializers.IntegerField(help_text="Known errors shown unmarked.")
    found = serializers.IntegerField()
    sensitivity = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class TeamRowSerializer(serializers.Serializer[Any]):
    user = HolderSerializer()
    role = serializers.CharField()
    decisions = serializers.IntegerField()
    per_hour = serializers.FloatField(allow_null=True, help_text="Pauses excluded.")
    median_s = serializers.FloatField(allow_null=True, help_text="Seconds a label.")
    worked_s = serializers.FloatField()
    returned = serializers.IntegerField(help_text="Frames given back to them that wait.")
    open_comments = serializers.IntegerField(help_text="Open conversations on frames that they finished.")
    sensitivity = MeasuredSensitivitySerializer()


class TeamSerializer(serializers.Serializer[Any]):
    results = TeamRowSerializer(many=True)


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
