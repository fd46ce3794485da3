"""Writes of method comparisons: launch, stop and retry all runs of one as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from webapp.accounts.models import User, Workspace
from webapp.core.errors import Conflict, DomainError
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.training.models import CONTROL, MethodComparison, TrainingRun
from webapp.training.options import method_named
from webapp.training.services import HIGHEST_SEED, run_launch, run_plan, run_words

FEWEST_SEEDS = 2  # of one seed nobody knows how far luck moves the figure
MOST_RUNS = 300
LONGEST_NAME = 60
PINNED = ("family", "size", "init", "teacher", "dataset_version", "train_split", "validation_split")


@transaction.atomic
def comparison_launch(
    *,
    workspace: Workspace,
    name: str,
    created_by: User | None,
    methods: Sequence[str],
    seeds: Sequence[int],
    options: Mapping[str, Any],
    method_options: Mapping[str, Mapping[str, Any]],
    **shared: Any,
) -> MethodComparison:
    """A run of every method with every seed, queued seed by seed, so that whole pairs come early. The control is always among them.

    `shared` is what `run_plan` takes beside these; the teacher goes to the methods that need one.
    Raises:
        DomainError: with the field that is wrong. Conflict `name_taken`.
    """
    methods = [CONTROL, *dict.fromkeys(method for method in methods if method != CONTROL)]
    seeds = list(dict.fromkeys(seeds))
    _check(name, methods, seeds, method_options)
    options_of = {method: {**options, **method_options.get(method, {})} for method in methods}
    plans = {method: _plan(workspace, method, options_of[method], method_options, shared) for method in methods}
    comparison = _created(
        workspace=workspace,
        name=name,
        created_by=created_by,
        methods=methods,
        seeds=seeds,
        # Every option pinned: what a default is may change.
        options=plans[CONTROL]["options"],
        method_options={method: _own(plans[method], plans[CONTROL]) for method in methods},
        **{key: plans[CONTROL][key] for key in PINNED if key != "teacher"},
        teacher=shared.get("teacher"),
    )
    for seed in seeds:
        for method in methods:
            plan = {**plans[method], "seed": seed}
            title = f"{name} · {run_words(method)} · seed {seed}"
            run_launch(workspace=workspace, name=title, created_by=created_by, comparison=comparison, **plan)
    return comparison


def comparison_cancel(comparison: MethodComparison) -> int:
    """Stop what runs and what waits; how many. Raises: Conflict when nothing does."""
    active = _jobs(comparison, Job.State.QUEUED, Job.State.RUNNING)
    # Those that wait first: else the next one begins as soon as the one that runs is stopped.
    stopped = sum(_cancelled(job) for job in sorted(active, key=lambda job: job.state == Job.State.RUNNING))
    if not stopped:
        raise Conflict("nothing_runs", "No run of this comparison runs or waits.")
    return stopped


def comparison_retry(comparison: MethodComparison) -> int:
    """Let every failed or cancelled run go on from its checkpoint; how many. Raises: Conflict when there is none."""
    ended = _jobs(comparison, Job.State.FAILED, Job.State.CANCELLED)
    if not ended:
        raise Conflict("nothing_failed", "No run of this comparison has failed or was cancelled.")
    for job in ended:
        jobs.retry(job)
    return len(ended)


def _check(
    name: str, methods: Sequence[str], seeds: Sequence[int], method_options: Mapping[str, Mapping[str, Any]]
) -> None:
    problems: dict[str, str] = {}
    if not name.strip() or len(name) > LONGEST_NAME:
        problems["name"] = f"Must have 1 to {LONGEST_NAME} characters."
    if len(methods) < 2:
        problems["methods"] = f"Choose at least one method beside '{CONTROL}'."
    if len(seeds) < FEWEST_SEEDS:
        problems["seeds"] = f"Must be at least {FEWEST_SEEDS} different ones: one tells nothing of luck."
    if not all(0 <= seed <= HIGHEST_SEED for seed in seeds):
        problems["seeds"] = f"Must lie between 0 and {HIGHEST_SEED}."
    if len(methods) * len(seeds) > MOST_RUNS:
        problems["seeds"] = f"{len(methods)} methods with {len(seeds)} seeds are more than {MOST_RUNS} runs."
    if strangers := sorted(method_options.keys() - set(methods)):
        problems["method_options"] = f"Not among the methods: {', '.join(strangers)}."
    if problems:
        raise DomainError("bad_comparison", next(iter(problems.values())), fields=problems)


def _plan(
    workspace: Workspace,
    method: str,
    options: Mapping[str, Any],
    method_options: Mapping[str, Mapping[str, Any]],
    shared: Mapping[str, Any],
) -> dict[str, Any]:
    """The checked plan of one method. Raises: DomainError by the field of the comparison, in which the method is named."""
    try:
        teacher = shared.get("teacher") if method_named(method).needs_teacher else None
        return run_plan(workspace=workspace, method=method, options=options, **{**shared, "teacher": teacher})
    except DomainError as error:
        own = method_options.get(method, {})
        fields = {_field(field, method, own): why for field, why in error.fields.items()}
        raise DomainError(error.code, f"{method}: {error.detail}", fields=fields) from error


def _field(field: str, method: str, own: Mapping[str, Any]) -> str:
    """A field of a run's plan as the comparison's form calls it."""
    if field in ("method", "family") and method != CONTROL:
        return "methods"
    option = field.removeprefix("options.")
    return f"method_options.{method}.{option}" if option in own and option != field else field


def _own(plan: Mapping[str, Any], control: Mapping[str, Any]) -> dict[str, Any]:
    """The options that differ from the control's: the method's own, and common ones that were set for it alone."""
    missing = object()
    return {key: value for key, value in plan["options"].items() if control["options"].get(key, missing) != value}


def _created(*, workspace: Workspace, name: str, **fields: Any) -> MethodComparison:
    try:
        with transaction.atomic():  # the constraint decides: of two launches at once, one gets the name
            return MethodComparison.objects.create(workspace=workspace, name=name, **fields)
    except IntegrityError as error:
        taken = {"name": "This name is taken."}
        raise Conflict("name_taken", f"There is a comparison named '{name}' already.", fields=taken) from error


def _jobs(comparison: MethodComparison, *states: str) -> list[Job]:
    """Of its runs, in the order in which they were queued."""
    runs = TrainingRun.objects.filter(comparison=comparison, job__state__in=states).select_related("job")
    return [run.job for run in runs.order_by("id") if run.job]


def _cancelled(job: Job) -> bool:
    """False where it ended before it could be stopped."""
    try:
        jobs.cancel(job)
    except Conflict:
        return False
    return True
