"""Models on the wire."""

from rest_framework import serializers

from webapp.registry.models import ModelVersion


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    class Meta:
        model = ModelVersion
        fields = ["id", "name", "ref", "family", "sha256", "metrics", "notes", "created_at"]
        read_only_fields = ["id", "family", "sha256", "metrics", "created_at"]
