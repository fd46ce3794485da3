"""The slices of a drive, one a category of its label model, as its random sample certifies them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ml.risk.auto_accept import DrawnRisk, certify
from webapp.audit.deciders import auditors_of, is_measured
from webapp.audit.models import AuditSample, DrawnLabel
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent

UNJUDGED = 1.0  # the risk of a label that has none


def certified_slices(drive: Drive, *, alpha: float, delta: float) -> list[dict[str, Any]]:
    """By category the largest risk up to which labels may be accepted, and how many that would be. Nothing before a sample is audited."""
    sample = drive.audit_samples.filter(current=True).first()
    if sample is None:
        return []
    auditors = auditors_of(sample, sample.size)
    found = []
    for category, (name, drawn) in sorted(_by_category(sample).items()):
        known = certify(drawn, alpha=alpha, delta=delta, auditors=auditors if is_measured(auditors) else None)
        if known is not None:
            one = {"category": category, "name": name, "threshold": known.threshold, "share": known.share}
            found.append({**one, "seen": known.seen, "wrong": known.wrong, "covers": _covers(sample, one)})
    return found


def waiting(sample: AuditSample, slices: Sequence[dict[str, Any]]) -> QuerySet[Box]:
    """What these slices cover: labels from before the draw that wait. Drawn ones stay for people, who watch the promise by them."""
    covered = Q(pk__in=[])
    for one in slices:
        covered |= Q(category=one["category"], risk__lte=one["threshold"])
    return Box.objects.filter(
        covered,
        ~Exists(DrawnLabel.objects.filter(box=OuterRef("pk"))),
        frame__drive=sample.drive_id,
        frame__state__in=Frame.OPEN_STATES,
        state=Box.State.PENDING,
        model_version=sample.drive.label_model_id,
        created_at__lte=sample.created_at,
    )


def drawn_risks(sample: AuditSample) -> dict[int, list[DrawnRisk]]:
    """By category the drawn labels in the order of the draw."""
    return {category: drawn for category, (_, drawn) in _by_category(sample).items()}


def _by_category(sample: AuditSample) -> dict[int, tuple[str, list[DrawnRisk]]]:
    """A label belongs where the model had put it, whatever a person made of it."""
    columns = ("box_id", "box__state", "box__risk", "box__category_id", "box__category__name")
    rows = list(sample.drawn.order_by("number").values_list(*columns))
    proposed = _proposed([box for box, state, *_ in rows if state == Box.State.EDITED])
    names = dict(sample.drive.taxonomy.categories.values_list("id", "name"))
    found: dict[int, tuple[str, list[DrawnRisk]]] = {}
    for box, state, risk, category, _ in rows:
        category = proposed.get(box, category)
        if category is not None:
            wrong = None if state in Box.OPEN_STATES else state != Box.State.ACCEPTED
            found.setdefault(category, (names[category], []))[1].append(
                DrawnRisk(UNJUDGED if risk is None else risk, wrong)
            )
    return found


def _proposed(boxes: list[int]) -> dict[int, int]:
    events = BoxEvent.objects.filter(box__in=boxes, kind=BoxEvent.Kind.PROPOSED).values_list("box_id", "after")
    return {box: after["category"] for box, after in events if box and after}


def _covers(sample: AuditSample, one: dict[str, Any]) -> int:
    return waiting(sample, [one]).count()
