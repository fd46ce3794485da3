"""Reads of the model registry."""

from django.db.models import QuerySet

from webapp.accounts.models import Workspace
from webapp.registry.models import ModelVersion


def models_of(workspace: Workspace) -> QuerySet[ModelVersion]:
    return ModelVersion.objects.filter(workspace=workspace).order_by("-id")
