"""How many labels of a part, or of several drives, may still be wrong: their samples' decisions together.

The labels of a drive's sample that are of a category, a size and so on are themselves a random sample of all such labels of the drive, in the
same order. How many labels each drive has of the part is told by its sample's share of it, and known exactly of whole drives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ml.risk.joint_bound import Part, joint_upper
from ml.risk.stop_rule import ALPHA, Found
from webapp.audit.bound import TARGET, decisions_of, percent_up
from webapp.audit.deciders import auditors_of, is_measured
from webapp.audit.strata import drawn_labels
from webapp.footage.models import Drive


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the labels is meant; None is any."""

    group: str | None = None
    category: int | None = None
    light: str | None = None
    size: str | None = None


def set_bound(drives: Sequence[Drive], asked: Asked) -> dict[str, Any]:
    """The joint bound over these drives' labels of that part. A drive without a sample leaves it open (`undrawn`)."""
    parts, undrawn = [], []
    for drive in drives:
        part = _part_of(drive, asked)
        if part is None:
            undrawn.append(drive.name)
        elif part.labels:
            parts.append(part)
    return told(parts, undrawn)


def version_bound(frozen: Sequence[tuple[str, Mapping[str, Any] | None]]) -> dict[str, Any]:
    """The same of a version's drives, by name, as their bounds were frozen with it."""
    parts = [
        Part(
            bound["seen"],
            bound["wrong"],
            bound["population"],
            bound["sample"],
            [Found(**auditor) for auditor in bound.get("auditors", ())] or None,
        )
        for _, bound in frozen
        if bound
    ]
    return told(parts, [drive for drive, bound in frozen if not bound])


def told(parts: Sequence[Part], undrawn: Sequence[str]) -> dict[str, Any]:
    seen, wrong = sum(part.seen for part in parts), sum(part.wrong for part in parts)
    known = bool(seen) and not undrawn
    upper = joint_upper(parts) if known else None
    measured = known and all(is_measured(part.auditors or ()) for part in parts)
    corrected = joint_upper(parts, corrected=True) if measured else None
    return {
        "target": TARGET,
        "confidence": 1 - ALPHA,
        "labels": round(sum(part.labels for part in parts)),
        "seen": seen,
        "wrong": wrong,
        "upper": upper,
        "corrected": corrected,
        "undrawn": list(undrawn),
        "sentence": _sentence(upper, corrected, undrawn),
    }


def _part_of(drive: Drive, asked: Asked) -> Part | None:
    sample = drive.audit_samples.filter(current=True).first()
    if sample is None:
        return None
    seen, _, _ = decisions_of(sample)
    mine = [label for label in drawn_labels(sample) if label.fits(asked)]
    decided = [label for label in mine if label.number <= seen]
    labels = sample.population * len(mine) / sample.size
    return Part(
        len(decided), sum(label.wrong for label in decided), labels, sample.number, auditors_of(sample, seen) or None
    )


def _sentence(upper: float | None, corrected: float | None, undrawn: Sequence[str]) -> str:
    if undrawn:
        return f"No labels were drawn at random of {', '.join(undrawn)}, so nothing bounds the share that is wrong."
    if upper is None:
        return (
            "None of these labels that were drawn at random is audited yet, so nothing bounds the share that is wrong."
        )
    known = f"At most {percent_up(upper)} of these labels are wrong, {100 * (1 - ALPHA):.0f} % sure if auditors overlook nothing"
    if corrected is not None:
        known += f", and at most {percent_up(corrected)} by the errors that they are known to overlook"
    return f"{known}."
