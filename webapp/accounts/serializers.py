"""People on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.accounts.models import Membership, Workspace


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
