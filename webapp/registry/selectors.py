"""Reads of the model registry."""

from typing import Any

import orjson
from django.db.models import Exists, OuterRef, QuerySet

from webapp.accounts.models import User, Workspace
from webapp.core import storage
from webapp.registry.models import Evaluation, ModelVersion, Promotion


def models_of(workspace: Workspace) -> QuerySet[ModelVersion]:
    """With `serving`: whether it is the workspace's serving model."""
    current = Promotion.objects.filter(model_version=OuterRef("pk"), current=True)
    return (
        ModelVersion.objects.filter(workspace=workspace)
        .select_related("parent", "dataset_version__dataset")
        .annotate(serving=Exists(current))
        .order_by("-id")
    )


def models_readable_by(user: User) -> QuerySet[ModelVersion]:
    """Those of every workspace that the person is in."""
    return ModelVersion.objects.filter(workspace__memberships__user=user)


def evaluations_of(workspace: Workspace) -> QuerySet[Evaluation]:
    return (
        Evaluation.objects.filter(workspace=workspace)
        .select_related("model_version", "dataset_version__dataset", "job")
        .order_by("-id")
    )


def report_of(evaluation: Evaluation) -> dict[str, Any]:
    """The whole report of an evaluation that has ended well."""
    report: dict[str, Any] = _stored(evaluation.report_key)
    return report


def results_of(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What the model found, as COCO results, of an evaluation that has ended well."""
    results: list[dict[str, Any]] = _stored(evaluation.results_key)
    return results


def _stored(key: str) -> Any:
    with storage.open_key(key) as file:
        return orjson.loads(file.read())


def lineage(model: ModelVersion) -> list[dict[str, Any]]:
    """From the first ancestor to the model: the models, and before each the data, the teacher and the run that made it."""
    steps: list[dict[str, Any]] = []
    current: ModelVersion | None = model
    while current is not None:
        steps.append({"kind": "model", "id": current.id, "name": current.name})
        run = getattr(current, "training_run", None)
        if run is not None:
            steps.append({"kind": "run", "id": run.id, "name": run.name})
            if run.teacher is not None:
                steps.append({"kind": "teacher", "id": run.teacher.id, "name": run.teacher.name})
        if (version := current.dataset_version) is not None:
            steps.append({"kind": "dataset_version", "id": version.id, "name": str(version)})
        current = current.parent
    return steps[::-1]
