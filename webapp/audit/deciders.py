"""Who decided about a sample's labels, and what blind trials say of them."""

from collections import Counter
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery

from ml.risk.stop_rule import Found
from webapp.audit.models import AuditSample
from webapp.blind.sensitivity import found_by
from webapp.labels.models import Box, BoxEvent


def auditors_of(sample: AuditSample, seen: int) -> list[Found]:
    """Everybody whose decision stands for some of the first `seen` labels, with their share of those that are decided."""
    last = BoxEvent.objects.filter(box=OuterRef("box"), actor__isnull=False).order_by("-id").values("actor")[:1]
    labels = sample.drawn.filter(number__lte=seen).exclude(box__state__in=Box.OPEN_STATES)
    decided = Counter(labels.annotate(actor=Subquery(last)).order_by().values_list("actor", flat=True))
    found = found_by(sample.drive.workspace)
    known = {actor: found.get(actor or 0, Found(0, 0)) for actor in decided}
    total = decided.total()
    return [Found(known[actor].shown, known[actor].found, count / total) for actor, count in decided.items()]


def is_measured(auditors: Sequence[Found]) -> bool:
    """Whether errors were shown to any of them."""
    return any(auditor.shown for auditor in auditors)


def weighted_sensitivity(auditors: Sequence[Found]) -> float | None:
    """Share found, of those who were shown any, weighted by their share of the labels."""
    measured = [auditor for auditor in auditors if auditor.shown]
    total = sum(auditor.share for auditor in measured)
    return sum(a.found / a.shown * a.share for a in measured) / total if total else None
