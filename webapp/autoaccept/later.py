"""Reads of what came after a certificate: later audits of what it vouches for, and later labels beside those that it was proved on."""

from typing import Any

from ml.risk.auto_accept import shifted
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.slices import drawn_risks
from webapp.footage.models import Frame
from webapp.labels.models import Box

LATEST = 2000


def later_audits(certificate: Certificate) -> dict[str, int]:
    """What people found since it was issued: among its drawn labels, and among the labels that it accepted on frames they finished."""
    drawn = drawn_risks(certificate.sample)
    seen = wrong = 0
    for one in certificate.slices:
        decided = [
            label.wrong
            for label in drawn.get(one["category"], ())
            if label.risk <= one["threshold"] and label.wrong is not None
        ]
        seen += max(len(decided) - one["seen"], 0)
        wrong += max(sum(decided) - one["wrong"], 0)
    accepted = Box.objects.filter(certificate=certificate)
    changed = accepted.exclude(state=Box.State.ACCEPTED).count()
    kept = accepted.filter(state=Box.State.ACCEPTED, frame__state=Frame.State.AUDITED).count()
    return {"seen": seen + changed + kept, "wrong": wrong + changed}


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
