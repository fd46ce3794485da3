"""Looks of models at frames, on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.edge.models import ModelLook
from webapp.jobs.serializers import JobSerializer
from webapp.registry.serializers import ModelNameSerializer


class LookDetectionSerializer(serializers.Serializer[Any]):
    """`box`: x, y, width, height in px of the frame."""

    category = serializers.CharField()
    score = serializers.FloatField()
    box = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)


class ModelLookSerializer(serializers.ModelSerializer[ModelLook]):
    """`detections` is null until the job has ended, and stays so where it failed."""

    model = ModelNameSerializer(source="model_version")
    job = JobSerializer(allow_null=True)
    detections = LookDetectionSerializer(many=True, allow_null=True)

    class Meta:
        model = ModelLook
        fields = ["id", "frame", "model", "job", "detections", "milliseconds", "created_at"]


class ModelLookWriteSerializer(serializers.Serializer[Any]):
    frame = IdField()
    model = IdField()
