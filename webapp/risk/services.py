"""Writes of risk: a fitted model, and the jobs that fit and apply one."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max

from ml.risk.calibrate import MIN_AUDITED, AuditedLabel, CalibratedRisk
from ml.risk.reliability import Reliability
from webapp.accounts.models import User
from webapp.core.errors import Conflict
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.registry.models import ModelVersion
from webapp.risk.models import RiskModel
from webapp.risk.outcomes import audited_boxes


def fit_enqueue(model: ModelVersion, *, created_by: User | None) -> Job:
    """Fit the risk of a model's labels on their audits. Raises: Conflict `too_little_audited`."""
    audited = audited_boxes(model.workspace).filter(model_version=model).count()
    if audited < MIN_AUDITED:
        raise Conflict(
            "too_little_audited",
            f"{audited} labels of '{model}' are audited; a risk is fitted from {MIN_AUDITED} on.",
            extra={"audited": audited, "needed": MIN_AUDITED},
        )
    return enqueue(
        Job.Kind.FIT_RISK,
        workspace=model.workspace,
        params={"model": model.id},
        title=f"Fit the risk of {model.name}",
        created_by=created_by,
    )


def score_enqueue(
    model: ModelVersion, *, drive: Drive | None = None, created_by: User | None = None, parent: Job | None = None
) -> Job:
    """Judge the open labels of a model anew: of one drive, or of all drives that show its labels."""
    return enqueue(
        Job.Kind.SCORE_RISK,
        workspace=model.workspace,
        params={"model": model.id, **({"drive": drive.id} if drive else {})},
        title=f"Recompute risk of {drive.name if drive else model.name}",
        created_by=created_by,
        parent=parent,
    )


@transaction.atomic
def risk_model_record(
    *,
    model: ModelVersion,
    fitted: CalibratedRisk,
    held_out: Reliability,
    labels: Sequence[AuditedLabel],
    held_out_by: str,
    job: Job | None = None,
) -> RiskModel:
    """The next number; current from now on when it tells labels apart better than their share of errors does. A job makes one."""
    ModelVersion.objects.select_for_update().get(id=model.id)
    known = RiskModel.objects.filter(job=job).first() if job else None
    if known is not None:
        return known
    useful = held_out.brier < held_out.brier_base
    if useful:
        RiskModel.objects.filter(model_version=model, current=True).update(current=False)
    last = RiskModel.objects.filter(model_version=model).aggregate(last=Max("number"))["last"]
    return RiskModel.objects.create(
        model_version=model,
        number=(last or 0) + 1,
        parameters=fitted.as_json(),
        labels=len(labels),
        errors=sum(label.wrong for label in labels),
        held_out_by=held_out_by,
        reliability=_as_json(held_out),
        ece=held_out.ece,
        current=useful,
        job=job,
    )


def _as_json(held_out: Reliability) -> dict[str, Any]:
    return asdict(held_out)
