"""Reads of risk: the model in force, second opinions, and how well the audit's order did."""

from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet

from ml.risk.calibrate import CalibratedRisk
from webapp.accounts.models import Workspace
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.registry.models import ModelVersion
from webapp.risk.curves import curves_of
from webapp.risk.models import RiskModel
from webapp.risk.outcomes import audited_boxes, outcomes

MOST_LABELS = 20_000  # of a curve: more change nothing that can be seen, and cost seconds
KEPT_S = 24 * 3600
USUAL_THRESHOLD = 0.3


def risk_models_of(workspace: Workspace) -> QuerySet[RiskModel]:
    return RiskModel.objects.filter(model_version__workspace=workspace).select_related("model_version", "job")


def risk_in_force(model: ModelVersion) -> tuple[RiskModel, CalibratedRisk] | None:
    """What turns signals of this model's labels into risk; None before the first fit."""
    row = RiskModel.objects.filter(model_version=model, current=True).first()
    return (row, CalibratedRisk.from_json(row.parameters)) if row else None


def second_model(drive: Drive, model: ModelVersion) -> ModelVersion | None:
    """Another model whose boxes lie on the drive already: the latest that was added. It has looked at a frame where it has a box."""
    others = Box.objects.filter(frame__drive=drive, model_version__isnull=False).exclude(model_version=model)
    newest = others.aggregate(newest=Max("model_version"))["newest"]
    return ModelVersion.objects.get(id=newest) if newest else None


def score_threshold(drive: Drive, model: ModelVersion) -> float:
    """From which score on the model's boxes of the drive are labels, by the last job that made them."""
    jobs = Job.objects.filter(
        kind=Job.Kind.PRELABEL_FRAMES, state=Job.State.SUCCEEDED, params__drive=drive.id, result__model=model.id
    )
    last = jobs.order_by("-finished_at").first()
    return float((last.result or {}).get("score_threshold", USUAL_THRESHOLD)) if last else USUAL_THRESHOLD


def audit_curve(workspace: Workspace, drive: Drive | None = None) -> dict[str, Any]:
    """Errors found against labels audited, by each way to rank; of the latest MOST_LABELS. The same audits are counted once."""
    boxes = audited_boxes(workspace)
    if drive is not None:
        boxes = boxes.filter(frame__drive=drive)
    state = boxes.aggregate(count=Count("id"), newest=Max("updated_at"))
    key = f"audit-curve:{workspace.id}:{drive.id if drive else 'all'}:{state['count']}:{state['newest']}"
    found = cache.get_or_set(key.replace(" ", "_"), lambda: _curve(boxes, state["count"]), timeout=KEPT_S)
    return dict(found or {})


def _curve(boxes: QuerySet[Box], audited: int) -> dict[str, Any]:
    return curves_of(list(outcomes(boxes.order_by("-id")[:MOST_LABELS]))) | {"audited": audited}
