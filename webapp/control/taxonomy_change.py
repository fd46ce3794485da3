"""Changing a taxonomy: asked with its plan, done by a job a thousand labels at a time, undone by what it wrote down."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from webapp.accounts.models import User
from webapp.control.acts import act_record
from webapp.control.models import TaxonomyChange
from webapp.control.taxonomy_plan import UNDER_WAY, Kind, Wanted, frames_to_reopen, plan_of, refuse_blocked
from webapp.core.errors import Conflict
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values
from webapp.taxonomy.models import Category, Taxonomy
from webapp.taxonomy.services import COLOURS
from webapp.team.models import Assignment

CHUNK = 1000
State = TaxonomyChange.State
Progress = Callable[[int, int], None]
FIELDS = ("name", "phrase", "aliases")


@transaction.atomic
def change_ask(taxonomy: Taxonomy, wanted: Wanted, *, by: User) -> TaxonomyChange:
    """A job does what the plan says.

    Raises:
        Conflict `taxonomy_busy`: a version is being frozen, people are in the middle of blind trials, or another change is under way or was left half done.
    """
    plan = plan_of(taxonomy, wanted)
    refuse_blocked(plan)
    try:
        with transaction.atomic():
            change = TaxonomyChange.objects.create(
                taxonomy=taxonomy, kind=wanted.kind, what=wanted.what(), plan=plan, asked_by=by
            )
    except IntegrityError:
        raise Conflict("taxonomy_busy", UNDER_WAY) from None
    _enqueue(change, f"{wanted.kind.capitalize()} {wanted.category.name} in {taxonomy}", by)
    told = {"what": wanted.what(), "plan": plan}
    act_record(f"taxonomy.{wanted.kind}", taxonomy, workspace=taxonomy.workspace, actor=by, after=told)
    return change


@transaction.atomic
def undo_ask(change: TaxonomyChange, *, by: User) -> TaxonomyChange:
    """Take back what is done, or what was done until its job was cancelled or failed.

    Raises:
        Conflict `not_done`; `frozen_since` when a version holds the changed names by now; `changed_since` by a later change.
    """
    change = TaxonomyChange.objects.select_for_update().select_related("taxonomy__workspace").get(id=change.id)
    if change.state != State.DONE and not change.stopped:
        raise Conflict(
            "not_done", f"This change is {change.state}; only one that is done or was stopped can be undone."
        )
    begun = change.done_at or change.created_at
    since = DatasetVersion.objects.filter(dataset__taxonomy=change.taxonomy, frozen_at__gt=begun)
    if version := since.select_related("dataset").first():
        raise Conflict("frozen_since", f"{version} was frozen since, with the categories as they are now.")
    if change.taxonomy.changes.filter(id__gt=change.id).exclude(state=State.UNDONE).exists():
        raise Conflict("changed_since", "The taxonomy was changed again since; undo the later change first.")
    change.state = State.UNDOING
    change.save(update_fields=["state", "updated_at"])
    _enqueue(change, f"Undo {change.kind} in {change.taxonomy}", by)
    act_record("taxonomy.undone", change.taxonomy, workspace=change.taxonomy.workspace, actor=by)
    return change


def change_withdraw(job: Job) -> None:
    """A change that was cancelled before it began holds nothing. One that was stopped half-way stays, to be tried again or undone."""
    waiting = TaxonomyChange.objects.filter(job=job, state=State.ASKED, before={})
    waiting.update(state=State.UNDONE, updated_at=timezone.now())


def change_run(change: TaxonomyChange, on_progress: Progress) -> dict[str, Any]:
    """Either way, whichever is due; a second run goes on where the first one stopped."""
    if change.state == State.UNDOING:
        return _undo(change, on_progress)
    return _do(change, on_progress) if change.state == State.ASKED else {"moved": 0}


def _do(change: TaxonomyChange, on_progress: Progress) -> dict[str, Any]:
    category = Category.rows.get(id=change.what["category"])
    others = list(Category.rows.filter(id__in=change.what["others"]))
    if not change.before:
        _keep_before(change, [category, *others])
    moved = 0
    if change.kind == Kind.MERGE:
        moved = _move(change, others, category, on_progress)
    reopened = _reopen(change, category) if change.kind == Kind.SPLIT and change.what["reopen"] else 0
    with transaction.atomic():
        _settle_categories(change, category, others)
        Taxonomy.objects.filter(id=change.taxonomy_id).update(version=F("version") + 1)
        change.state, change.done_at = State.DONE, timezone.now()
        change.save(update_fields=["state", "done_at", "updated_at"])
    return {"moved": moved, "reopened": reopened}


def _keep_before(change: TaxonomyChange, categories: list[Category]) -> None:
    change.before = {
        "categories": {str(one.id): {name: getattr(one, name) for name in FIELDS} for one in categories},
        "made": [],
    }
    change.save(update_fields=["before", "updated_at"])


def _move(change: TaxonomyChange, others: list[Category], into: Category, on_progress: Progress) -> int:
    """Every label of the others, blind trials' included, with an event each; frames get a new version, so that an open desk reads again."""
    labels = Box.rows.filter(category__in=others)
    total, moved = labels.count(), 0
    while boxes := list(labels.order_by("id")[:CHUNK]):
        on_progress(moved, total)
        with transaction.atomic():
            _recategorise(change, boxes, {box.id: into.id for box in boxes})
        moved += len(boxes)
    with transaction.atomic():
        for assignment in Assignment.objects.filter(category__in=others, ended_at__isnull=True):
            _assign(assignment, into)
    return moved


def _recategorise(
    change: TaxonomyChange, boxes: list[Box], to: dict[int, int], undoing: Mapping[int, BoxEvent] | None = None
) -> None:
    """No person did it: the events have no actor, and count for nobody's figures."""
    events, undoing = [], undoing or {}
    for box in boxes:
        before = box_values(box)
        box.category_id = to[box.id]
        events.append(
            BoxEvent(
                box=box,
                frame_id=box.frame_id,
                trial_id=box.trial_id,
                kind=BoxEvent.Kind.UNDONE if undoing else BoxEvent.Kind.RELABELLED,
                undo_of=undoing.get(box.id),
                before=before,
                after=box_values(box),
                gesture=change.gesture,
            )
        )
    Box.rows.bulk_update(boxes, ["category"])
    BoxEvent.rows.bulk_create(events)
    Frame.objects.filter(id__in={box.frame_id for box in boxes}).update(version=F("version") + 1)


def _assign(assignment: Assignment, into: Category) -> None:
    try:
        with transaction.atomic():
            Assignment.objects.filter(id=assignment.id).update(category=into)
    except IntegrityError:  # that person has the other one already
        Assignment.objects.filter(id=assignment.id).update(ended_at=timezone.now())


def _reopen(change: TaxonomyChange, category: Category) -> int:
    """What people stood by of the split category is theirs to decide again."""
    ids = list(frames_to_reopen(category).values_list("id", flat=True))
    change.before["reopened"] = sorted({*change.before.get("reopened", []), *ids})
    change.save(update_fields=["before", "updated_at"])
    for start in range(0, len(ids), CHUNK):
        chunk = Frame.objects.filter(id__in=ids[start : start + CHUNK], state=Frame.State.AUDITED)
        chunk.update(state=Frame.State.REOPENED, version=F("version") + 1)
    return len(ids)


def _settle_categories(change: TaxonomyChange, category: Category, others: list[Category]) -> None:
    """The old names stay as aliases, so that models and data sets that say them are understood."""
    if change.kind == Kind.RENAME:
        category.aliases = _with(category.aliases, [category.name])
        category.name, category.phrase = change.what["name"], change.what["phrase"] or category.phrase
        category.save(update_fields=list(FIELDS))
    if change.kind == Kind.MERGE:
        names = [name for other in others for name in (other.name, *other.aliases)]
        category.aliases = _with(category.aliases, names)
        category.save(update_fields=["aliases"])
        Category.rows.filter(id__in=[other.id for other in others]).update(retired_at=timezone.now())
    if change.kind == Kind.SPLIT:
        last = Category.rows.filter(taxonomy=change.taxonomy).aggregate(n=Max("index"))["n"] or 0
        made = [_part(category, part, last + place) for place, part in enumerate(change.what["parts"], start=1)]
        change.before["made"] = [one.id for one in made]
        change.save(update_fields=["before", "updated_at"])


def _part(category: Category, part: dict[str, str], index: int) -> Category:
    name = part["name"].strip()
    return Category.objects.create(
        taxonomy=category.taxonomy,
        index=index,
        name=name,
        phrase=part.get("phrase", "").strip() or name,
        group=category.group,
        colour=COLOURS[index % len(COLOURS)],
    )


def _undo(change: TaxonomyChange, on_progress: Progress) -> dict[str, Any]:
    """Labels that nobody changed since go back; the others stay as people left them, and are counted."""
    with transaction.atomic():
        Category.rows.filter(id__in=change.what["others"]).update(retired_at=None)
    back, kept = _move_back(change, on_progress)
    with transaction.atomic():
        for id, values in change.before.get("categories", {}).items():
            Category.rows.filter(id=id).update(**values)
        made = set(change.before.get("made", []))
        in_use = set(Box.rows.filter(category__in=made).values_list("category", flat=True))
        Category.rows.filter(id__in=made - in_use).delete()
        reopened = Frame.objects.filter(id__in=change.before.get("reopened", []), state=Frame.State.REOPENED)
        reopened.update(state=Frame.State.AUDITED, version=F("version") + 1)
        Taxonomy.objects.filter(id=change.taxonomy_id).update(version=F("version") + 1)
        change.state = State.UNDONE
        change.save(update_fields=["state", "updated_at"])
    return {"moved": back, "kept": kept, "categories_kept": len(in_use)}


def _move_back(change: TaxonomyChange, on_progress: Progress) -> tuple[int, int]:
    events = BoxEvent.rows.filter(gesture=change.gesture, undone_by__isnull=True, undo_of__isnull=True).order_by("id")
    total, last, back, kept = events.count(), 0, 0, 0
    while chunk := list(events.filter(id__gt=last).select_related("box")[:CHUNK]):
        on_progress(back + kept, total)
        last = chunk[-1].id
        moved = [event for event in chunk if event.box and event.box.category_id == (event.after or {})["category"]]
        with transaction.atomic():
            boxes = [event.box for event in moved if event.box]
            undoing = {event.box_id: event for event in moved if event.box_id}
            _recategorise(
                change, boxes, {id: (event.before or {})["category"] for id, event in undoing.items()}, undoing
            )
        back, kept = back + len(moved), kept + len(chunk) - len(moved)
    return back, kept


def _with(aliases: list[str], more: list[str]) -> list[str]:
    return list(dict.fromkeys([*aliases, *more]))


def _enqueue(change: TaxonomyChange, title: str, by: User) -> None:
    change.job = enqueue(
        Job.Kind.CHANGE_TAXONOMY,
        workspace=change.taxonomy.workspace,
        params={"change": change.id},
        title=title,
        created_by=by,
    )
    change.save(update_fields=["job"])
