"""People and invitations on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.accounts.models import Membership, Workspace
from webapp.accounts.serializers import PersonSerializer
from webapp.control.models import Invitation


class MemberSerializer(serializers.ModelSerializer[Membership]):
    user = serializers.IntegerField(source="user.id")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    active = serializers.BooleanField(source="user.is_active")
    last_seen_at = serializers.SerializerMethodField()
    second_factor = serializers.BooleanField()

    class Meta:
        model = Membership
        fields = ["id", "user", "name", "email", "role", "active", "last_seen_at", "second_factor", "created_at"]

    def get_last_seen_at(self, member: Membership) -> str | None:
        """In the page; else the last login."""
        seen = member.user.last_seen_at or member.user.last_login
        return seen.isoformat() if seen else None


class MemberChangeSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Membership.Role.choices, required=False)
    active = serializers.BooleanField(required=False)


class WorkspaceRulesSerializer(serializers.ModelSerializer[Workspace]):
    second_factor_roles = serializers.ListField(
        child=serializers.ChoiceField(Membership.Role.choices), max_length=10, required=False
    )

    class Meta:
        model = Workspace
        fields = ["name", "second_factor_roles"]


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    invited_by = PersonSerializer()

    class Meta:
        model = Invitation
        fields = ["id", "email", "role", "invited_by", "created_at", "expires_at"]


class InvitationWriteSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(Membership.Role.choices)


class NewInvitationSerializer(InvitationSerializer):
    link = serializers.CharField(help_text="Shown this once; who opens it is in.")
    mailed = serializers.BooleanField(help_text="The mail server took a letter with the link.")

    class Meta(InvitationSerializer.Meta):
        fields = [*InvitationSerializer.Meta.fields, "link", "mailed"]


class InvitationTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=100)


class InvitedSerializer(serializers.Serializer[Any]):
    """What whoever holds the link is told."""

    workspace = serializers.CharField(source="workspace.name")
    email = serializers.EmailField()
    role = serializers.ChoiceField(Membership.Role.choices)
    invited_by = serializers.CharField(source="invited_by.__str__")


class AcceptSerializer(InvitationTokenSerializer):
    name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    password = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, trim_whitespace=False
    )


class AcceptedSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
