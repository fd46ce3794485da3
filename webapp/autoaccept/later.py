"""Reads of what came after a certificate: later audits of what it vouches for, and later labels beside those that it was proved on."""

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

from django.db.models import Min, QuerySet

from ml.risk.auto_accept import DrawnRisk, shifted
from webapp.audit.models import DrawnLabel
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.slices import drawn_risks
from webapp.footage.models import Frame
from webapp.labels.models import Box

LATEST = 2000


def later_audits(certificate: Certificate) -> dict[str, int]:
    """What people found since it was issued, where chance led them: among its drawn labels, and among those it accepted on the drawn frames.

    Of each the beginning of the draw alone, up to the first label that waits: what is audited out of turn is risky, and would raise an alarm
    for labels that keep the promise.
    """
    drawn = drawn_risks(certificate.sample)
    seen = wrong = 0
    for one in certificate.slices:
        decided = _until_one_waits(label for label in drawn.get(one["category"], ()) if label.risk <= one["threshold"])
        seen += max(len(decided) - one["seen"], 0)
        wrong += max(sum(decided) - one["wrong"], 0)
    accepted = Box.objects.filter(certificate=certificate, frame__in=_frames_by_chance(certificate))
    changed = accepted.exclude(state=Box.State.ACCEPTED).count()
    kept = accepted.filter(state=Box.State.ACCEPTED, frame__state=Frame.State.AUDITED).count()
    return {"seen": seen + changed + kept, "wrong": wrong + changed}


def _until_one_waits(labels: Iterable[DrawnRisk]) -> list[bool]:
    """Whether each was wrong."""
    return [bool(label.wrong) for label in takewhile(lambda label: label.wrong is not None, labels)]


def _frames_by_chance(certificate: Certificate) -> QuerySet[DrawnLabel, Any]:
    """The frames of the sample's beginning: those that people came to because a label of theirs was drawn."""
    drawn = certificate.sample.drawn
    first = drawn.filter(box__state__in=Box.OPEN_STATES).aggregate(n=Min("number"))["n"]
    done = drawn.filter(number__lt=first) if first is not None else drawn.all()
    return done.values("box__frame")


def newer_are_other(certificate: Certificate) -> bool:
    """Labels of the drive that came after the draw, against the drawn ones: another scene, another model or another risk shows here."""
    drawn: dict[int, list[Any]] = drawn_risks(certificate.sample)
    newer = Box.objects.filter(
        frame__drive=certificate.drive_id,
        source=Box.Source.PSEUDO,
        model_version=certificate.drive.label_model_id,
        created_at__gt=certificate.sample.created_at,
        risk__isnull=False,
    ).exclude(state__in=[Box.State.MISSED_CANDIDATE, Box.State.DISMISSED])
    for one in certificate.slices:
        risks = newer.filter(category=one["category"]).order_by("-id").values_list("risk", flat=True)[:LATEST]
        if shifted([label.risk for label in drawn.get(one["category"], ())], [r for r in risks if r is not None]):
            return True
    return False
