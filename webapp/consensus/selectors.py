"""Reads of second opinions: what is to be settled, and how far people agree."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from ml.evaluate.agreement import NO_BOX, Pair, category_alpha, mean_iou, one_against_rest
from webapp.accounts.models import User, Workspace
from webapp.blind.models import BlindTrial
from webapp.consensus.models import Disagreement
from webapp.taxonomy.models import Category


def disagreements_of(workspace: Workspace) -> QuerySet[Disagreement]:
    found = Disagreement.objects.filter(frame__workspace=workspace)
    return found.select_related("frame__drive", "opinion__user", "settled_by")


def disagreement_on_wire(row: Disagreement, people: dict[int, User], categories: dict[int, str]) -> dict[str, Any]:
    frame, trial = row.frame, row.opinion
    return {
        "id": row.id,
        "kind": row.kind,
        "iou": row.iou,
        "frame": {"id": frame.id, "name": frame.name, "width": frame.width, "height": frame.height},
        "drive": {"id": frame.drive_id, "name": frame.drive.name},
        "first": _opinion(people.get((trial.answer or {}).get("first") or 0), row.first, categories),
        "second": _opinion(trial.user, row.second, categories),
        "verdict": row.verdict,
        "settled_by": _person(row.settled_by),
        "settled_at": row.settled_at,
    }


def on_wire(rows: list[Disagreement]) -> list[dict[str, Any]]:
    """Rows with the names that they need, in two queries."""
    first = {(row.opinion.answer or {}).get("first") for row in rows}
    people = User.objects.in_bulk([id for id in first if id])
    labels = [label for row in rows for label in (row.first, row.second) if label]
    categories = dict(Category.objects.filter(id__in={label["category"] for label in labels}).values_list("id", "name"))
    return [disagreement_on_wire(row, people, categories) for row in rows]


def agreement(workspace: Workspace, *, since: datetime) -> dict[str, Any]:
    """Alpha and mean IoU of the frames that two people finished since then: of all, by pair of people, by category."""
    trials = list(
        BlindTrial.objects.filter(
            frame__workspace=workspace, kind=BlindTrial.Kind.CONSENSUS, finished_at__gte=since, answer__isnull=False
        ).select_related("user")
    )
    by_people: dict[tuple[int, int], list[BlindTrial]] = defaultdict(list)
    for trial in trials:
        by_people[_two(trial)].append(trial)
    people = User.objects.in_bulk({id for two in by_people for id in two})
    pairs = [pair for trial in trials for pair in _pairs(trial)]
    names = dict(
        Category.objects.filter(id__in={int(name) for pair in pairs for name in _named(pair)}).values_list("id", "name")
    )
    return {
        "open": disagreements_of(workspace).filter(settled_at__isnull=True).count(),
        "all": _figures(trials),
        "people": [
            {"a": _person(people.get(a)), "b": _person(people.get(b)), **_figures(own)}
            for (a, b), own in sorted(by_people.items())
        ],
        "categories": [
            {"category": id, "name": name, **_of_category(pairs, str(id))} for id, name in sorted(names.items())
        ],
    }


def second_opinion_settled() -> Exists:
    """Of what hangs on a box: two people have looked at its frame, and nothing that they differ in is open."""
    trials = BlindTrial.objects.filter(
        frame=OuterRef("box__frame"), kind=BlindTrial.Kind.CONSENSUS, finished_at__isnull=False
    )
    return Exists(trials.filter(~Exists(Disagreement.objects.filter(opinion=OuterRef("pk"), settled_at__isnull=True))))


def _figures(trials: list[BlindTrial]) -> dict[str, Any]:
    pairs = [pair for trial in trials for pair in _pairs(trial)]
    return {
        "frames": len(trials),
        "objects": len(pairs),
        "alpha": category_alpha(pairs),
        "mean_iou": mean_iou(pairs),
        "differ": sum(pair.first != pair.second for pair in pairs),
    }


def _of_category(pairs: list[Pair], category: str) -> dict[str, Any]:
    """Of the objects that either called so; alpha of calling it so or not, over all objects."""
    own = [pair for pair in pairs if category in (pair.first, pair.second)]
    return {
        "objects": len(own),
        "alpha": one_against_rest(pairs, category),
        "mean_iou": mean_iou(own),
        "differ": sum(pair.first != pair.second for pair in own),
    }


def _pairs(trial: BlindTrial) -> list[Pair]:
    rows = (trial.answer or {}).get("pairs", [])
    return [Pair(first or NO_BOX, second or NO_BOX, iou) for first, second, iou in rows]


def _two(trial: BlindTrial) -> tuple[int, int]:
    """The two people, whoever came first."""
    first = (trial.answer or {}).get("first") or trial.user_id
    return min(first, trial.user_id), max(first, trial.user_id)


def _named(pair: Pair) -> set[str]:
    return {pair.first, pair.second} - {NO_BOX, "None"}


def _opinion(user: User | None, label: dict[str, Any] | None, categories: dict[int, str]) -> dict[str, Any]:
    named = {**label, "name": categories.get(label["category"], "")} if label else None
    return {"user": _person(user), "label": named}


def _person(user: User | None) -> dict[str, Any] | None:
    return {"id": user.id, "name": str(user)} if user else None
