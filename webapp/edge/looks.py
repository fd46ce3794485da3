"""A look of any registered model at one frame, beside what a device's network sees there."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.edge.models import ModelLook
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.jobs.selectors import ACTIVE
from webapp.jobs.services import enqueue
from webapp.registry.models import ModelVersion


def looks_of(workspace: Workspace) -> QuerySet[ModelLook]:
    return ModelLook.objects.filter(workspace=workspace).select_related("model_version", "job").order_by("-id")


@transaction.atomic
def look_create(frame: Frame, model: ModelVersion, *, created_by: User | None) -> ModelLook:
    """A job that asks the model; where one has asked it already, or is about to, that look."""
    ModelVersion.objects.select_for_update().get(id=model.id)  # two who ask at once get one job
    for look in looks_of(frame.workspace).filter(frame=frame, model_version=model):
        if look.detections is not None or (look.job and look.job.state in ACTIVE):
            return look
    look = ModelLook.objects.create(workspace=frame.workspace, frame=frame, model_version=model, created_by=created_by)
    look.job = enqueue(
        Job.Kind.LOOK_AT_FRAME,
        workspace=frame.workspace,
        params={"model_look": look.id},
        title=f"{model} on {frame}",
        created_by=created_by,
    )
    look.save(update_fields=["job"])
    return look


def look_settle(look: ModelLook, detections: Sequence[dict[str, Any]], *, milliseconds: float) -> None:
    """Keep what was found. Settling again replaces nothing but itself."""
    look.detections, look.milliseconds = list(detections), milliseconds
    look.save(update_fields=["detections", "milliseconds", "updated_at"])
