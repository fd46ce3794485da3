"""What blind trials measured of people: errors found of those shown, and how gold frames were answered."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from ml.risk.sensitivity import clopper_pearson
from ml.risk.stop_rule import Found
from webapp.accounts.models import User, Workspace
from webapp.blind.models import BlindTrial

CONFIDENCE = 0.95


def sensitivity_of(user: User, workspace: Workspace) -> dict[str, Any]:
    """Of one person: `{shown, found, sensitivity, low, high}`; the last three null before anything was shown (Clopper-Pearson, 95 %)."""
    return _rate(found_by(workspace).get(user.id, Found(0, 0)))


def found_by(workspace: Workspace) -> dict[int, Found]:
    """By person, the wrong labels shown to them in finished trials, and those they found."""
    counts: dict[int, list[int]] = {}
    for trial in _finished(workspace):
        count = counts.setdefault(trial.user_id, [0, 0])
        count[0], count[1] = count[0] + (trial.errors or 0), count[1] + (trial.errors_found or 0)
    return {user: Found(shown, found) for user, (shown, found) in counts.items()}


def sensitivity_report(workspace: Workspace) -> dict[str, Any]:
    """Everybody together and each by name, by kind of error; and each one's answers to gold frames."""
    trials = list(_finished(workspace).select_related("user").order_by("user__name", "user_id", "id"))
    people: dict[int, list[BlindTrial]] = {}
    for trial in trials:
        people.setdefault(trial.user_id, []).append(trial)
    return {
        "confidence": CONFIDENCE,
        "interval": "Clopper-Pearson",
        "all": _measured(trials),
        "people": [
            {"user": {"id": id, "name": str(own[0].user)}, **_measured(own), "gold": _gold(own)}
            for id, own in people.items()
        ],
    }


def _finished(workspace: Workspace) -> QuerySet[BlindTrial]:
    return BlindTrial.objects.filter(frame__workspace=workspace, finished_at__isnull=False, errors__isnull=False)


def _measured(trials: Iterable[BlindTrial]) -> dict[str, Any]:
    trials = list(trials)
    kinds: dict[str, Found] = {}
    for trial in trials:
        kind = trial.error or BlindTrial.Kind.GOLD
        so_far = kinds.get(kind, Found(0, 0))
        shown, found = (trial.errors or 0) + (trial.hidden or 0), (trial.errors_found or 0) + (trial.hidden_found or 0)
        kinds[kind] = Found(so_far.shown + shown, so_far.found + found)
    labels = Found(sum(t.errors or 0 for t in trials), sum(t.errors_found or 0 for t in trials))
    missing = Found(sum(t.hidden or 0 for t in trials), sum(t.hidden_found or 0 for t in trials))
    return {
        "trials": len(trials),
        **_rate(labels),
        "missing": _rate(missing),
        "kinds": [{"kind": kind, "shown": rate.shown, "found": rate.found} for kind, rate in sorted(kinds.items())],
    }


def _rate(found: Found) -> dict[str, Any]:
    low, high = clopper_pearson(found.found, found.shown, CONFIDENCE) if found.shown else (None, None)
    sensitivity = found.found / found.shown if found.shown else None
    return {"shown": found.shown, "found": found.found, "sensitivity": sensitivity, "low": low, "high": high}


def _gold(trials: Iterable[BlindTrial]) -> dict[str, Any]:
    """Of gold frames alone: what a person gave against what is known there. Seconds a box are null where nobody took the time."""
    answers = [trial.answer for trial in trials if trial.kind == BlindTrial.Kind.GOLD and trial.answer]
    given, known, matched = (sum(a[name] for a in answers) for name in ("given", "known", "matched"))
    timed = [a for a in answers if a["seconds"] is not None and a["boxes"]]
    return {
        "frames": len(answers),
        "precision": matched / given if given else None,
        "recall": matched / known if known else None,
        "mean_iou": sum(a["iou"] for a in answers) / matched if matched else None,
        "seconds_a_box": sum(a["seconds"] for a in timed) / sum(a["boxes"] for a in timed) if timed else None,
    }
