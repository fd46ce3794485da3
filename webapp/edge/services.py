"""Writes of edge exports: asked for, and settled by their job."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from ml.data.hashing import sha256_file
from webapp.accounts.models import User
from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.datasets.models import DatasetVersion
from webapp.datasets.splits import with_wholes
from webapp.edge.models import EdgeExport
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.registry.models import ModelVersion

FAMILY = "yolox"
COARSEST_STRIDE = 32  # an input's sides are its multiples
SMALLEST_SIDE, LARGEST_SIDE = 64, 1920
MOST_CALIBRATION = 1000
SLICES = ("drive", "time_of_day", "weather")


@transaction.atomic
def export_create(
    *,
    model: ModelVersion,
    version: DatasetVersion | None,
    created_by: User | None,
    target: str = EdgeExport.Target.BUNDLE,
    judge_split: str = "",
    width: int | None = None,
    height: int | None = None,
    calibration: int = 100,
    slices: Sequence[str] = SLICES,
    most_lost: float = 0.01,
    most_lost_category: float = 0.03,
) -> EdgeExport:
    """An export that a job carries out.

    Raises:
        DomainError: `wrong_family`, `not_frozen`, `unknown_split`, `bad_input` or `bad_options`, with the field.
    """
    _check_family(model)
    _check_split(version, judge_split)
    _check_input(width, height)
    _check_options(calibration, slices, most_lost, most_lost_category)
    made = EdgeExport.objects.create(
        workspace=model.workspace, model_version=model, dataset_version=version, created_by=created_by,
        target=target, judge_split=judge_split, width=width, height=height, calibration=calibration,
        slices=list(slices), most_lost=most_lost, most_lost_category=most_lost_category,
    )  # fmt: skip
    made.job = enqueue(
        Job.Kind.EXPORT_MODEL,
        workspace=model.workspace,
        params={"edge_export": made.id},
        title=f"Export {model} for devices",
        created_by=created_by,
    )
    made.save(update_fields=["job"])
    return made


@transaction.atomic
def export_settle(made: EdgeExport, archive: Path, *, report: dict[str, Any], speed: dict[str, Any]) -> None:
    """Keep the zip and its figures; a model of which nobody knew the family was a YOLOX. Settling again replaces nothing but itself."""
    ModelVersion.objects.filter(id=made.model_version_id, family="").update(family=FAMILY)
    made.archive_key = storage.put_file(archive, ".zip", sha256=sha256_file(archive))
    made.size, made.report, made.speed = archive.stat().st_size, report, speed
    made.save(update_fields=["archive_key", "size", "report", "speed", "updated_at"])


def export_refuse(made: EdgeExport, report: dict[str, Any]) -> None:
    """No zip came of it; what was measured stays to be looked at."""
    made.report = report
    made.save(update_fields=["report", "updated_at"])


def _check_family(model: ModelVersion) -> None:
    """A folder on a worker's disk has no family until it is opened; the worker says then what it is."""
    if model.family not in ("", FAMILY):
        why = f"Only a YOLOX runs on a device; '{model}' is a {model.family}. Distil it into one."
        raise DomainError("wrong_family", why, fields={"model": why})


def _check_split(version: DatasetVersion | None, split: str) -> None:
    if version is None:
        if split:
            why = "Rendered scenes have no splits."
            raise DomainError("unknown_split", why, fields={"judge_split": why})
        return
    if version.state != DatasetVersion.State.FROZEN:
        raise DomainError("not_frozen", f"{version} is {version.state}.", fields={"dataset_version": "Not frozen yet."})
    splits = with_wholes(version.summary["splits"])
    if split and not splits.get(split, {}).get("boxes"):
        why = f"{version} has no labelled frames in a split '{split}'; it has {', '.join(version.summary['splits'])}."
        raise DomainError("unknown_split", why, fields={"judge_split": why})


def _check_input(width: int | None, height: int | None) -> None:
    if (width is None) != (height is None):
        why = "Tell both sides, or neither."
        raise DomainError("bad_input", why, fields={"height" if height is None else "width": why})
    for field, side in (("width", width), ("height", height)):
        if side is not None and (side % COARSEST_STRIDE or not SMALLEST_SIDE <= side <= LARGEST_SIDE):
            why = f"{side} is no side of an input: a multiple of {COARSEST_STRIDE} from {SMALLEST_SIDE} to {LARGEST_SIDE}."
            raise DomainError("bad_input", why, fields={field: why})


def _check_options(calibration: int, slices: Sequence[str], most_lost: float, most_lost_category: float) -> None:
    problems = {
        "calibration": "" if 1 <= calibration <= MOST_CALIBRATION else f"1 to {MOST_CALIBRATION} frames.",
        "slices": "" if set(slices) <= set(SLICES) else f"Of {', '.join(SLICES)}.",
        "most_lost": "" if 0 <= most_lost <= 1 else "An AP from 0 to 1.",
        "most_lost_category": "" if 0 <= most_lost_category <= 1 else "An AP from 0 to 1.",
    }
    if found := {field: why for field, why in problems.items() if why}:
        field = next(iter(found))
        raise DomainError("bad_options", f"{field}: {found[field]}", fields=found)
