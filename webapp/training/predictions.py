"""Predictions to be looked at side by side: on which frames, by which models, and what they found."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.footage.models import Frame
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.registry.models import Evaluation, ModelVersion
from webapp.registry.selectors import report_of
from webapp.training.models import PredictionSet, TrainingRun

MOST_FRAMES = 40  # a person looks through them one by one
HELD_OUT = ("test", "val")


def prediction_sets_of(workspace: Workspace) -> QuerySet[PredictionSet]:
    return PredictionSet.objects.filter(run__workspace=workspace).select_related("job", "run")


def models_shown(run: TrainingRun) -> dict[str, ModelVersion]:
    """By role, from left to right: those that the run has."""
    models = {"teacher": run.teacher, "before": run.init, "after": run.model}
    return {role: model for role, model in models.items() if model is not None}


@transaction.atomic
def predictions_enqueue(
    run: TrainingRun,
    *,
    created_by: User | None,
    frames: Sequence[int] = (),
    drive: int | None = None,
    count: int = 12,
) -> PredictionSet:
    """A job that predicts on `frames`, or on `count` frames evenly drawn from `drive`; without either on those where the student errs most.

    Raises:
        Conflict `no_model`: the run has made none yet. DomainError: `unknown_object`, `too_many_frames`, `frames_required`.
    """
    if run.model is None:
        raise Conflict("no_model", "The run has made no model yet: there is nothing to compare with.")
    chosen = _named(run.workspace, frames) if frames else _of_drive(run, drive, count) if drive else _usual(run, count)
    made = PredictionSet.objects.create(run=run, frames=chosen, created_by=created_by)
    made.job = jobs.enqueue(
        Job.Kind.PREDICT_FRAMES,
        workspace=run.workspace,
        params={"prediction_set": made.id},
        title=f"Predict {len(chosen)} frames for {run}",
        created_by=created_by,
    )
    made.save(update_fields=["job"])
    return made


def predictions_settle(made: PredictionSet, found: dict[str, Any]) -> None:
    """Keep what was found. Settling again replaces nothing but itself."""
    made.results_key = storage.put_bytes(orjson.dumps(found), ".json")
    made.save(update_fields=["results_key", "updated_at"])


def results_of(made: PredictionSet) -> dict[str, Any] | None:
    """What the models found; None until it is known."""
    if not made.results_key:
        return None
    with storage.open_key(made.results_key) as file:
        found: dict[str, Any] = orjson.loads(file.read())
    return found


def _named(workspace: Workspace, ids: Sequence[int]) -> list[int]:
    ids = list(dict.fromkeys(ids))
    if len(ids) > MOST_FRAMES:
        why = f"At most {MOST_FRAMES} frames."
        raise DomainError("too_many_frames", why, fields={"frames": why})
    known = set(Frame.objects.filter(workspace=workspace, id__in=ids).values_list("id", flat=True))
    if missing := [id for id in ids if id not in known]:
        raise DomainError("unknown_object", f"There is no frame {missing[0]} here.", fields={"frames": "Unknown."})
    return ids


def _of_drive(run: TrainingRun, drive: int, count: int) -> list[int]:
    found = _spread(Frame.objects.filter(workspace=run.workspace, drive=drive), count)
    if not found:
        raise DomainError("unknown_object", "There is no such drive with frames here.", fields={"drive": "Unknown."})
    return found


def _usual(run: TrainingRun, count: int) -> list[int]:
    """The worst frames of the model's last evaluation, else some of the drives that it did not learn from."""
    evaluation = Evaluation.objects.filter(model_version=run.model).exclude(report_key="").order_by("-id").first()
    if evaluation:
        worst = [row["frame"] for row in report_of(evaluation)["worst_frames"] if row["frame"] is not None]
        known = set(Frame.objects.filter(workspace=run.workspace, id__in=worst).values_list("id", flat=True))
        if found := [id for id in worst if id in known][:count]:
            return found
    if found := _held_out(run, count):
        return found
    why = "Nothing was held out from this run: choose a drive."
    raise DomainError("frames_required", why, fields={"drive": why})


def _held_out(run: TrainingRun, count: int) -> list[int]:
    splits = run.dataset_version.summary["splits"] if run.dataset_version else {}
    for split in (*HELD_OUT, run.validation_split):
        drives = splits.get(split, {}).get("drives", [])
        if drives and (found := _spread(Frame.objects.filter(workspace=run.workspace, drive__name__in=drives), count)):
            return found
    return []


def _spread(frames: QuerySet[Frame], count: int) -> list[int]:
    """`count` of them, evenly drawn in the order in which they were driven."""
    rows = frames.exclude(state=Frame.State.EXCLUDED).order_by("drive", "clip", "index")
    ids = list(rows.values_list("id", flat=True))
    if len(ids) <= count:
        return ids
    return [ids[at * len(ids) // count] for at in range(count)]
