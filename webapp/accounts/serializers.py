"""People on the wire."""

import re
from typing import Any

from rest_framework import serializers

from webapp.accounts.models import Membership, Workspace

PROFILES = ("default", "cvat", "label-studio")
COMMAND = re.compile(r"[a-z0-9][a-z0-9-]{0,39}|category:.{1,80}")
# "x", "Shift+Enter", "Mod+Alt+ArrowLeft", "+"; empty where a direction has no key.
CHORD = r"^((Mod\+)?(Alt\+)?(Shift\+)?([^\s\x00-\x1f]|[A-Z][A-Za-z0-9]{1,19}))?$"
MOST_COMMANDS, MOST_KEYS = 200, 16


class PersonSerializer(serializers.Serializer[Any]):
    """As others see a person."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="__str__")


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    class Meta:
        model = Workspace
        fields = ["id", "name", "slug"]


class WorkspaceRoleSerializer(serializers.ModelSerializer[Membership]):
    id = serializers.IntegerField(source="workspace.id")
    name = serializers.CharField(source="workspace.name")
    slug = serializers.CharField(source="workspace.slug")

    class Meta:
        model = Membership
        fields = ["id", "name", "slug", "role"]


class MeSerializer(serializers.Serializer[Any]):
    """Who is asking, where, and what they may do."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    workspace = WorkspaceSerializer()
    role = serializers.CharField()
    rights = serializers.ListField(child=serializers.CharField())
    workspaces = WorkspaceRoleSerializer(many=True)
    staff = serializers.BooleanField()
    second_factor_needed = serializers.BooleanField(
        help_text="The workspace asks this role for a second step of the login, and there is none yet: nothing else opens."
    )


class TokenSerializer(serializers.Serializer[Any]):
    """A token without its secret."""

    key = serializers.CharField(source="token_key")
    created = serializers.DateTimeField()
    expiry = serializers.DateTimeField(allow_null=True)


class NewTokenSerializer(serializers.Serializer[Any]):
    """Shown once."""

    token = serializers.CharField()
    key = serializers.CharField()
    expiry = serializers.DateTimeField(allow_null=True)


class KeysSerializer(serializers.Serializer[Any]):
    """A profile, and the keys of every command where the person's differ from it. What the commands are and which keys clash is the page's to know."""

    profile = serializers.ChoiceField(PROFILES)
    single_keys = serializers.BooleanField(help_text="Off: keys of a single character do nothing (WCAG 2.1.4).")
    keys = serializers.DictField(
        child=serializers.ListField(child=serializers.RegexField(CHORD, allow_blank=True), max_length=MOST_KEYS)
    )

    def validate_keys(self, keys: dict[str, list[str]]) -> dict[str, list[str]]:
        if len(keys) > MOST_COMMANDS:
            raise serializers.ValidationError(
                f"{len(keys)} commands; at most {MOST_COMMANDS} can have keys of their own."
            )
        for command in keys:
            if not COMMAND.fullmatch(command):
                raise serializers.ValidationError(f"'{command[:60]}' cannot be the name of a command.")
        return keys


class KeysWithOriginSerializer(KeysSerializer):
    chosen = serializers.BooleanField(help_text="False until the person chose a profile or a key.")
