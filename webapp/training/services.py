"""Writes of training: launch, what runs report, and what they end with."""

import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction

from ml.models.yolox.budget import Budget
from ml.models.yolox.sizes import REFINEMENTS, size_named
from webapp.accounts.models import User, Workspace
from webapp.config.env import REPOSITORY
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.models import DatasetVersion
from webapp.datasets.splits import TEST, TEST_GT, with_wholes
from webapp.edge.budgets import DEFAULT_HEIGHT, DEFAULT_WIDTH, budget_check, classes_of
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion
from webapp.training.models import CONTROL, MethodComparison, MethodSpec, Metric, TrainingRun
from webapp.training.options import checked_options, method_named

RENDERED_SPLIT = "rendered"
NO_LIMIT = Budget()
YOLOX = "yolox"
REFINED = f"; each official one also with +{', +'.join(REFINEMENTS)}"
LONGEST_NAME = 120
HIGHEST_SEED = 2**31 - 1
PUBLISHED = ("title", "description", "families", "sizes", "options", "needs_teacher", "refused", "paper")


@transaction.atomic
def run_launch(
    *,
    workspace: Workspace,
    name: str,
    created_by: User | None,
    comparison: MethodComparison | None = None,
    budget: Budget = NO_LIMIT,
    **plan: Any,
) -> TrainingRun:
    """A run whose job trains it. `plan` is what `run_plan` takes; a YOLOX over the budget is refused.

    Raises:
        DomainError: with the field that is wrong. Conflict `name_taken`.
    """
    fields = run_plan(workspace=workspace, **plan)
    _check_budget(fields, budget)
    _check_name(name)
    try:
        with transaction.atomic():  # the constraint decides: of two launches at once, one gets the name
            run = TrainingRun.objects.create(
                workspace=workspace,
                name=name,
                created_by=created_by,
                comparison=comparison,
                code_version=code_version(),
                **fields,
            )
    except IntegrityError as error:
        taken = {"name": "This name is taken."}
        raise Conflict("name_taken", f"There is a run named '{name}' already.", fields=taken) from error
    run.job = jobs.enqueue(
        Job.Kind.TRAIN_MODEL,
        workspace=workspace,
        params={"run": run.id},
        title=f"Train {name}",
        created_by=created_by,
    )
    run.save(update_fields=["job"])
    return run


def estimate_enqueue(*, workspace: Workspace, created_by: User | None, **plan: Any) -> Job:
    """A job that takes three steps of the run that `plan` describes and tells time and memory. Raises as `run_launch`."""
    fields = run_plan(workspace=workspace, **plan)
    ids = {key: getattr(fields.pop(key), "id", None) for key in ("init", "teacher", "dataset_version", "cloned_from")}
    return jobs.enqueue(
        Job.Kind.ESTIMATE_RUN,
        workspace=workspace,
        params={**fields, **ids},
        title=f"Estimate {fields['method']} on {plan.get('dataset_version') or 'rendered scenes'}",
        created_by=created_by,
    )


def run_plan(
    *,
    workspace: Workspace,
    method: str,
    family: str = "",
    size: str = "",
    init: ModelVersion | None = None,
    teacher: ModelVersion | None = None,
    dataset_version: DatasetVersion | None = None,
    train_split: str = "train",
    validation_split: str = "val",
    seed: int = 0,
    options: Mapping[str, Any] | None = None,
    cloned_from: TrainingRun | None = None,
) -> dict[str, Any]:
    """The fields of a run, all of them checked. Raises: DomainError with the field that is wrong."""
    spec = method_named(method)
    _check_runnable(spec)
    if not 0 <= seed <= HIGHEST_SEED:
        why = f"Must lie between 0 and {HIGHEST_SEED}."
        raise DomainError("bad_seed", f"The seed is {seed}. {why}", fields={"seed": why})
    family = family or (init.family if init and init.family else spec.families[0])
    _check_family(spec, family, size, init)
    _check_teacher(spec, teacher)
    if dataset_version is None:
        train_split, validation_split = RENDERED_SPLIT, RENDERED_SPLIT if validation_split else ""
    else:
        _check_splits(dataset_version, train_split, validation_split)
    return {
        "method": method,
        "family": family,
        "size": size,
        "init": init,
        "teacher": teacher,
        "dataset_version": dataset_version,
        "train_split": train_split,
        "validation_split": validation_split,
        "seed": seed,
        "options": checked_options(spec, options or {}),
        "cloned_from": cloned_from,
    }


def run_resume(run: TrainingRun) -> TrainingRun:
    """Let a failed or cancelled run go on from its last checkpoint. Raises: Conflict when it has not ended so."""
    if run.job is None:
        raise Conflict("no_job", "The job of this run is gone; clone the run instead.")
    jobs.retry(run.job)
    return run


def metrics_record(run: TrainingRun, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep rows of metrics.jsonl; a row that a resumed run gives again is kept once."""
    Metric.objects.bulk_create(
        [
            Metric(
                run=run,
                kind=row["kind"],
                iteration=row["iteration"],
                values={k: v for k, v in row.items() if k not in ("kind", "iteration", "at")},
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def run_finish(run: TrainingRun, model: ModelVersion) -> None:
    """The model that came of it."""
    TrainingRun.objects.filter(id=run.id).update(model=model)
    run.model = model


@transaction.atomic
def methods_publish(specs: Iterable[Mapping[str, Any]]) -> None:
    """What the workers of this code can run replaces what was published before."""
    specs = list(specs)
    for spec in specs:
        MethodSpec.objects.update_or_create(
            name=spec["name"],
            defaults={key: spec[key] for key in PUBLISHED},
        )
    MethodSpec.objects.exclude(name__in=[spec["name"] for spec in specs]).delete()


def run_words(method: str) -> str:
    """What runs of a method are called, before their number."""
    return "labels only" if method == CONTROL else method


@cache
def code_version() -> str:
    """The commit that runs, with `+` for changes that are in no commit; the release where there is no repository."""
    try:
        asked = ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty=+", "--abbrev=12"]
        found = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603 - our own words
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return found.stdout.strip()[:60]


def _check_budget(fields: Mapping[str, Any], budget: Budget) -> None:
    options = fields["options"]
    budget_check(
        family=fields["family"],
        size=fields["size"],
        width=options.get("width", DEFAULT_WIDTH),
        height=options.get("height", DEFAULT_HEIGHT),
        classes=classes_of(fields["dataset_version"]),
        budget=budget,
        most_gflops=options.get("most_gflops", 0),
    )


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        why = f"Must have 1 to {LONGEST_NAME} characters."
        raise DomainError("bad_name", f"The run's name: {why}", fields={"name": why})


def _check_runnable(spec: MethodSpec) -> None:
    """A method that no detector here can take is published all the same, so that its reason is read."""
    if not spec.families:
        why = " ".join(dict.fromkeys(spec.refused.values())) or f"'{spec.name}' serves no detector."
        raise DomainError("not_runnable", why, fields={"method": why})


def _check_family(spec: MethodSpec, family: str, size: str, init: ModelVersion | None) -> None:
    if family not in spec.families:
        why = spec.refused.get(family) or f"'{spec.name}' serves {', '.join(spec.families)}."
        raise DomainError("wrong_family", why, fields={"family": why})
    if init and init.family and init.family != family:
        why = f"'{init}' is a {init.family} model, not {family}."
        raise DomainError("wrong_family", why, fields={"init": why})
    sizes = spec.sizes.get(family, [])
    if size and size not in sizes and not (family == YOLOX and size_named(size)):
        why = f"{family} comes in {', '.join(sizes)}{REFINED if family == YOLOX else ''}."
        raise DomainError("unknown_size", why, fields={"size": why})
    if not size and init is None:
        why = "Choose a size, or a model to begin from."
        raise DomainError("size_required", why, fields={"size": why})


def _check_teacher(spec: MethodSpec, teacher: ModelVersion | None) -> None:
    if spec.needs_teacher and teacher is None:
        why = f"'{spec.name}' learns from a teacher: choose a model."
        raise DomainError("teacher_required", why, fields={"teacher": why})
    if teacher and not spec.needs_teacher:
        why = f"'{spec.name}' asks no teacher: leave it out, or choose another method."
        raise DomainError("needless_teacher", why, fields={"teacher": why})


def _check_splits(version: DatasetVersion, train_split: str, validation_split: str) -> None:
    """Frames and labels to learn from, frames to validate on, and no drive in two places."""
    if version.state != DatasetVersion.State.FROZEN:
        why = f"{version} is {version.state}."
        raise DomainError("not_frozen", why, fields={"dataset_version": why})
    splits = with_wholes(version.summary["splits"])
    for field, split in (("train_split", train_split), ("validation_split", validation_split)):
        if field == "validation_split" and not split:
            continue
        if not splits.get(split, {}).get("frames") or not splits[split]["boxes"]:
            why = f"{version} has no labelled frames in '{split}'; it has {', '.join(sorted(splits)) or 'no splits'}."
            raise DomainError("empty_split", why, fields={field: why})
    held_out = {validation_split, TEST, TEST_GT} - {"", train_split}
    if train_split in (validation_split, TEST, TEST_GT):
        why = f"'{train_split}' is held out: what is trained on cannot be measured on."
        raise DomainError("shared_drives", why, fields={"train_split": why})
    for split in held_out & splits.keys():
        if both := sorted(set(splits[train_split]["drives"]) & set(splits[split]["drives"])):
            why = f"'{train_split}' and '{split}' share the drive '{both[0]}'."
            raise DomainError("shared_drives", why, fields={"train_split": why})
