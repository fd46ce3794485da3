"""Writes of the model registry."""

from pathlib import Path
from typing import Any

import orjson
from django.db import transaction
from django.db.models import ProtectedError

from ml.data.hashing import sha256_file
from webapp.accounts.models import User, Workspace
from webapp.control.acts import act_record
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.models import DatasetVersion
from webapp.datasets.splits import with_wholes
from webapp.explore.models import Slice
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.registry.models import Evaluation, ModelVersion, Promotion
from webapp.registry.references import reference_check

DEFAULT_REF = "bundled:gdino-mini"  # the better of the two; the other is a student to train
BUNDLED_REFS = ("bundled:gdino-nano", DEFAULT_REF)
STORED = "stored:"
MODEL_FAMILIES = {"bundled": "grounding-dino", "yolox": "yolox", "yolox-onnx": "yolox"}


def model_register(*, workspace: Workspace, name: str, ref: str, notes: str = "") -> ModelVersion:
    """A new model of the workspace; the weights are loaded, and hashed, by a worker when it is first used.

    Raises: Conflict `name_taken`; DomainError `bad_reference`.
    """
    reference_check(ref)
    if ModelVersion.objects.filter(workspace=workspace, name=name).exists():
        raise Conflict(
            "name_taken", f"There is a model named '{name}' already.", fields={"name": "This name is taken."}
        )
    return ModelVersion.objects.create(
        workspace=workspace, name=name, ref=ref, notes=notes, family=MODEL_FAMILIES.get(ref.split(":")[0], "")
    )


@transaction.atomic
def model_version_for(workspace: Workspace, ref: str) -> ModelVersion:
    """The workspace's model of this id or reference; a reference that is new is registered under its last part."""
    if ref.isdecimal():
        found = ModelVersion.objects.filter(workspace=workspace, id=int(ref)).first()
        if found is None:
            raise DomainError("unknown_model", f"There is no model {ref} here.", fields={"model": "Unknown model."})
        return found
    known = ModelVersion.objects.filter(workspace=workspace, ref=ref).order_by("-id").first()
    if known is None:
        reference_check(ref)
    name = ref.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    return known or ModelVersion.objects.create(
        workspace=workspace, name=name, ref=ref, family=MODEL_FAMILIES.get(ref.split(":")[0], "")
    )


@transaction.atomic
def weights_seen(model: ModelVersion, sha256: str) -> ModelVersion:
    """Note which weights `model.ref` held when a worker loaded it; other weights than before are another version."""
    if not model.sha256:
        ModelVersion.objects.filter(id=model.id, sha256="").update(sha256=sha256)
        model.refresh_from_db()
    if model.sha256 == sha256:
        return model
    same, _ = ModelVersion.objects.get_or_create(
        workspace=model.workspace,
        ref=model.ref,
        sha256=sha256,
        defaults={"name": f"{model.name} ({sha256[:8]})", "family": model.family},
    )
    return same


@transaction.atomic
def version_register(
    *,
    workspace: Workspace,
    name: str,
    archive: Path,
    family: str,
    parent: ModelVersion | None,
    dataset_version: DatasetVersion | None,
    method: str,
    code_version: str,
    metrics: dict[str, Any],
    parameters: int | None,
) -> ModelVersion:
    """A model that was trained here: its folder, as a zip, goes to the store. The same bytes again are the same version."""
    key = storage.put_file(archive, ".zip", sha256=sha256_file(archive))
    known = ModelVersion.objects.filter(workspace=workspace, archive_key=key).first()
    return known or ModelVersion.objects.create(
        workspace=workspace,
        name=_free_name(workspace, name),
        ref=f"{STORED}{key}",
        archive_key=key,
        family=family,
        parent=parent,
        dataset_version=dataset_version,
        method=method,
        code_version=code_version,
        metrics=metrics,
        parameters=parameters,
    )


@transaction.atomic
def model_promote(model: ModelVersion, *, by: User, note: str = "") -> Promotion:
    """Make the model the one that pre-labelling starts from. Promoting the serving model again changes nothing.

    Raises:
        Conflict `weights_unknown`: nobody knows yet whether its reference holds loadable weights.
    """
    if not _weights_known(model):
        why = f"No worker has loaded '{model}' from {model.ref} yet. Pre-label a drive with it or evaluate it, then promote it."
        raise Conflict("weights_unknown", why)
    Workspace.objects.select_for_update().get(id=model.workspace_id)  # two promotions at once follow each other
    current = Promotion.objects.filter(workspace=model.workspace, current=True).first()
    if current and current.model_version_id == model.id:
        return current
    Promotion.objects.filter(workspace=model.workspace, current=True).update(current=False)
    before = {"model": str(current.model_version) if current else None}
    after = {"model": str(model), "note": note.strip()}
    act_record("model.promoted", model, workspace=model.workspace, actor=by, before=before, after=after)
    return Promotion.objects.create(workspace=model.workspace, model_version=model, by=by, note=note.strip())


def serving_model(workspace: Workspace) -> ModelVersion | None:
    """The promoted model; None until somebody has promoted one."""
    current = Promotion.objects.filter(workspace=workspace, current=True).select_related("model_version").first()
    return current.model_version if current else None


def labelling_model(workspace: Workspace) -> ModelVersion | None:
    """What pre-labelling starts from: the serving model; before any was promoted the one that ships, else the first that was added."""
    models = ModelVersion.objects.filter(workspace=workspace).order_by("id")
    return serving_model(workspace) or models.filter(ref=DEFAULT_REF).first() or models.first()


def model_to_label_with(workspace: Workspace, reference: str | None) -> ModelVersion:
    """The model of this id or reference; without one what pre-labelling starts from. Raises: DomainError `unknown_model`."""
    usual = None if reference else labelling_model(workspace)
    return usual or model_version_for(workspace, reference or DEFAULT_REF)


def model_delete(model: ModelVersion) -> None:
    """Its evaluations go with it. Raises: Conflict when boxes, drives, models, runs, promotions or a job still need it."""
    unfinished = Evaluation.objects.filter(model_version=model).exclude(job__state__in=Job.FINISHED_STATES)
    if unfinished.filter(job__isnull=False).exists():
        raise Conflict("model_in_use", f"'{model}' is being evaluated. Wait for the evaluation, or cancel it.")
    try:
        with transaction.atomic():
            model.delete()
    except ProtectedError as error:
        kinds = sorted({str(row._meta.verbose_name) for row in error.protected_objects})
        raise Conflict("model_in_use", f"'{model}' is still referred to by: {', '.join(kinds)}.") from error


@transaction.atomic
def evaluation_create(
    *,
    model: ModelVersion,
    version: DatasetVersion,
    split: str,
    created_by: User | None,
    parent: Job | None = None,
    cut_by: Slice | None = None,
) -> Evaluation:
    """An evaluation that a job carries out.

    Raises:
        DomainError: `not_frozen`, or `unknown_split` for one that is missing or has no frames.
    """
    if version.state != DatasetVersion.State.FROZEN:
        raise DomainError("not_frozen", f"{version} is {version.state}.", fields={"dataset_version": "Not frozen yet."})
    if split and not with_wholes(version.summary["splits"]).get(split, {}).get("frames"):
        known = ", ".join(version.summary["splits"])
        why = f"{version} has no frames in a split '{split}'; it has {known}."
        raise DomainError("unknown_split", why, fields={"split": why})
    evaluation = Evaluation.objects.create(
        workspace=model.workspace,
        model_version=model,
        dataset_version=version,
        split=split,
        created_by=created_by,
        **({"slice_name": cut_by.name, "asked": cut_by.asked} if cut_by else {}),
    )
    evaluation.job = enqueue(
        Job.Kind.EVALUATE_MODEL,
        workspace=model.workspace,
        params={"evaluation": evaluation.id},
        title=f"Evaluate {model} on {version}{' ' + split if split else ''}{', ' + cut_by.name if cut_by else ''}"[
            :200
        ],
        created_by=created_by,
        parent=parent,
    )
    evaluation.save(update_fields=["job"])
    return evaluation


def evaluation_settle(evaluation: Evaluation, *, report: dict[str, Any], results: list[dict[str, Any]]) -> None:
    """What the evaluation found; settling it again replaces nothing but itself."""
    evaluation.figures = report["figures"]
    evaluation.report_key = storage.put_bytes(orjson.dumps(report), ".json")
    evaluation.results_key = storage.put_bytes(orjson.dumps(results), ".json")
    evaluation.save(update_fields=["figures", "report_key", "results_key", "updated_at"])


def comparison_enqueue(first: Evaluation, second: Evaluation, *, created_by: User) -> Job:
    """A job whose result is the paired bootstrap of the two.

    Raises:
        DomainError `not_comparable`: they are of different versions or splits, or not finished.
    """
    if first.asked or second.asked:  # what a slice takes may have changed between the two
        raise DomainError("not_comparable", "Evaluations on a slice have no common frames to be compared on.")
    if (first.dataset_version_id, first.split) != (second.dataset_version_id, second.split):
        raise DomainError("not_comparable", "Only evaluations of one split of one version can be compared.")
    if not (first.results_key and second.results_key):
        raise DomainError("not_comparable", "Both evaluations must have ended well.")
    return enqueue(
        Job.Kind.COMPARE_EVALUATIONS,
        workspace=first.workspace,
        params={"first": first.id, "second": second.id},
        title=f"Compare {first.model_version} with {second.model_version}",
        created_by=created_by,
    )


def _weights_known(model: ModelVersion) -> bool:
    """A worker has loaded them, or they lie in the store, or they ship with the product."""
    return bool(model.sha256 or model.archive_key or model.ref in BUNDLED_REFS)


def _free_name(workspace: Workspace, name: str) -> str:
    """The name, numbered where it is taken."""
    taken = set(ModelVersion.objects.filter(workspace=workspace, name__startswith=name).values_list("name", flat=True))
    return next(
        candidate for n in range(1, len(taken) + 2) if (candidate := f"{name} {n}" if n > 1 else name) not in taken
    )
