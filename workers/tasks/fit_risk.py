"""Fit the risk of a model's labels on what their audits found, then judge its open labels by it."""

from typing import Any

from ml.risk.calibrate import FOLDS, AuditedLabel, fit, held_out_risks
from ml.risk.reliability import reliability
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.risk.outcomes import Outcome, audited_boxes, outcomes
from webapp.risk.services import risk_model_record, score_enqueue
from workers.lifecycle import JobContext, job_task

MOST_LABELS = 50_000  # the latest: more do not change thirty coefficients
STRETCHES = 20  # of every drive, held out one by one where drives are few


@job_task(Job.Kind.FIT_RISK)
def fit_risk(job: JobContext) -> dict[str, Any]:
    """One model a job, however often it is tried."""
    model = ModelVersion.objects.select_related("workspace").get(id=job.params["model"])
    boxes = audited_boxes(model.workspace).filter(model_version=model).order_by("-id")[:MOST_LABELS]
    found = list(outcomes(boxes))
    drives = {outcome.known["frame__drive_id"] for outcome in found}
    by_drive = len(drives) >= FOLDS
    labels = _labels(found, by_drive=by_drive)
    job.progress(0, len(labels), "labels")
    held_out = reliability(held_out_risks(labels), [label.wrong for label in labels])
    job.raise_if_stopped()
    row = risk_model_record(
        model=model,
        fitted=fit(labels),
        held_out=held_out,
        labels=labels,
        held_out_by="drive" if by_drive else "stretch",
        job=job.row,
    )
    job.progress(len(labels), len(labels), "labels")
    if row.current and not job.row.children.exists():
        score_enqueue(model, parent=job.row, created_by=job.row.created_by)
    return {"risk_model": row.id, "labels": row.labels, "errors": row.errors, "ece": row.ece, "current": row.current}


def _labels(found: list[Outcome], *, by_drive: bool) -> list[AuditedLabel]:
    """Whole drives are held out together; where there are few, stretches of frames that follow each other, as an object is in many of them."""
    keys = [_key(outcome, by_drive=by_drive) for outcome in found]
    ordered = sorted(set(keys))
    share = 1 if by_drive else -(-len(ordered) // STRETCHES)
    number = {key: place // share for place, key in enumerate(ordered)}
    return [_label(outcome, number[key]) for outcome, key in zip(found, keys, strict=True)]


def _key(outcome: Outcome, *, by_drive: bool) -> tuple[int, ...]:
    known = outcome.known
    return (known["frame__drive_id"],) if by_drive else (known["frame__clip_id"], known["frame__index"])


def _label(outcome: Outcome, block: int) -> AuditedLabel:
    _, _, width, height = outcome.box_xywh
    return AuditedLabel(
        outcome.signals, outcome.known["category__group"], width * height, wrong=outcome.wrong, block=block
    )
