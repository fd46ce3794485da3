"""What a change of a taxonomy would do: to labels, drives, versions and models. Shown before anything is changed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from webapp.blind.models import BlindTrial
from webapp.control.models import TaxonomyChange
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category, Taxonomy

NAMED = 20
Kind = TaxonomyChange.Kind
UNDER_WAY = "Another change of this taxonomy is under way."
STOPPED = "A change of this taxonomy was stopped half-way: try its job again, or undo it."


@dataclass(frozen=True)
class Wanted:
    """A change as it was asked; `category` is renamed or split, or the others are merged into it."""

    kind: str
    category: Category
    others: tuple[Category, ...] = ()
    name: str = ""
    phrase: str = ""
    parts: tuple[dict[str, str], ...] = ()
    reopen: bool = False

    def what(self) -> dict[str, Any]:
        return {
            "category": self.category.id,
            "others": [other.id for other in self.others],
            "name": self.name,
            "phrase": self.phrase,
            "parts": list(self.parts),
            "reopen": self.reopen,
        }


def wanted_of(taxonomy: Taxonomy, kind: str, values: dict[str, Any]) -> Wanted:
    """Raises: DomainError `unknown_category`, `merge_into_itself`, `name_taken`, `nothing_to_split`."""
    found = Category.objects.filter(taxonomy=taxonomy).in_bulk([values["category"], *values.get("others", [])])
    if missing := {values["category"], *values.get("others", [])} - found.keys():
        raise DomainError("unknown_category", f"There is no category {min(missing)} in {taxonomy}.")
    others = tuple(found[id] for id in dict.fromkeys(values.get("others", [])))
    wanted = Wanted(
        kind=kind,
        category=found[values["category"]],
        others=others,
        name=values.get("name", "").strip(),
        phrase=values.get("phrase", "").strip(),
        parts=tuple(dict(part) for part in values.get("parts", [])),
        reopen=values.get("reopen", False),
    )
    _check(taxonomy, wanted)
    return wanted


def plan_of(taxonomy: Taxonomy, wanted: Wanted) -> dict[str, Any]:
    """Counts and names; `blocked` says why it cannot be done now."""
    touched = [wanted.category, *wanted.others]
    moved = wanted.others if wanted.kind == Kind.MERGE else ()
    names = {category.name for category in touched}
    frozen = [version for version in _versions(taxonomy, DatasetVersion.State.FROZEN) if names & _names(version)]
    models = ModelVersion.objects.filter(workspace=taxonomy.workspace, dataset_version__in=frozen).order_by("-id")
    return {
        "labels": Box.objects.filter(category__in=touched).count(),
        "labels_moved": Box.objects.filter(category__in=moved).count() if moved else 0,
        "frames_reopened": frames_to_reopen(wanted.category).count()
        if wanted.kind == Kind.SPLIT and wanted.reopen
        else 0,
        "drives": taxonomy.drives.filter(frames__boxes__category__in=touched).distinct().count(),
        "versions": [str(version) for version in frozen[:NAMED]],
        "models": [model.name for model in models[:NAMED]],
        "retired": [category.name for category in moved],
        "blocked": _blocked(taxonomy, touched),
    }


def frames_to_reopen(category: Category) -> QuerySet[Frame]:
    """Audited frames with a label of the category that people stand by."""
    settled = [Box.State.ACCEPTED, Box.State.EDITED]
    return Frame.objects.filter(
        state=Frame.State.AUDITED, boxes__category=category, boxes__state__in=settled, boxes__trial__isnull=True
    ).distinct()


def refuse_blocked(plan: dict[str, Any]) -> None:
    """Raises: Conflict `taxonomy_busy`, with the reasons."""
    if plan["blocked"]:
        raise Conflict("taxonomy_busy", " ".join(plan["blocked"]))


def _check(taxonomy: Taxonomy, wanted: Wanted) -> None:
    if wanted.category in wanted.others:
        raise DomainError("merge_into_itself", f"{wanted.category} cannot be merged into itself.")
    if wanted.kind == Kind.MERGE and not wanted.others:
        raise DomainError("nothing_to_merge", "Name the categories to merge.", fields={"others": "Needed here."})
    if wanted.kind == Kind.SPLIT and not wanted.parts:
        raise DomainError("nothing_to_split", "Name the new categories.", fields={"parts": "Needed here."})
    if wanted.kind == Kind.RENAME and not wanted.name:
        raise DomainError("no_name", "Give the new name.", fields={"name": "Needed here."})
    new = [wanted.name] if wanted.kind == Kind.RENAME else [part["name"].strip() for part in wanted.parts]
    taken = set(Category.rows.filter(taxonomy=taxonomy).exclude(id=wanted.category.id).values_list("name", flat=True))
    if clash := [name for name in new if name in taken or new.count(name) > 1 or name == wanted.category.name]:
        raise DomainError("name_taken", f"'{clash[0]}' is a category's name already.", fields={"name": "Taken."})


def _versions(taxonomy: Taxonomy, *states: str) -> list[DatasetVersion]:
    of_taxonomy = DatasetVersion.objects.filter(dataset__taxonomy=taxonomy, state__in=states)
    return list(of_taxonomy.select_related("dataset").order_by("id"))


def _names(version: DatasetVersion) -> set[str]:
    return {category["name"] for category in version.categories}


def _blocked(taxonomy: Taxonomy, touched: list[Category]) -> list[str]:
    why = []
    if making := _versions(taxonomy, DatasetVersion.State.FREEZING):
        why.append(f"{making[0]} is being frozen; wait until it is.")
    if one := TaxonomyChange.objects.filter(taxonomy=taxonomy, state__in=["asked", "undoing"]).first():
        why.append(STOPPED if one.stopped else UNDER_WAY)
    open_trials = BlindTrial.objects.filter(closed_at__isnull=True, frame__drive__taxonomy=taxonomy)
    if open_trials.exists():
        why.append("People are in the middle of frames of this taxonomy; wait until they are through.")
    return why
