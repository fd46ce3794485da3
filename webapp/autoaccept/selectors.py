"""Reads of automatic acceptance."""

from typing import Any

from webapp.autoaccept.later import later_audits
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.slices import certified_slices
from webapp.footage.models import Drive
from webapp.labels.models import Box


def auto_accept(drive: Drive, *, alpha: float, delta: float) -> dict[str, Any]:
    """The drive's last certificate, and what could be certified at this promise while none stands."""
    last = Certificate.objects.filter(drive=drive).select_related("sample", "created_by", "job").order_by("-id").first()
    stands = last is not None and last.state != Certificate.State.UNDONE
    return {
        "alpha": alpha,
        "delta": delta,
        "certificate": _told(last) if last else None,
        "offer": [] if stands else certified_slices(drive, alpha=alpha, delta=delta),
    }


def standing_certificate(drive: Drive) -> Certificate | None:
    return Certificate.objects.filter(drive=drive).exclude(state=Certificate.State.UNDONE).first()


def _told(certificate: Certificate) -> dict[str, Any]:
    names = ("id", "state", "alpha", "delta", "slices", "accepted", "off_reason", "off_at", "created_by", "created_at")
    return {
        **{name: getattr(certificate, name) for name in names},
        "standing": Box.objects.filter(certificate=certificate, state=Box.State.ACCEPTED).count(),
        "later": later_audits(certificate),
        "job": certificate.job,
    }
