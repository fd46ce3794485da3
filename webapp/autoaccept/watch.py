"""Whether later audits still bear a certificate out: asked whenever a frame of its drive is finished."""

from ml.risk.auto_accept import drifted
from webapp.autoaccept.later import later_audits, newer_are_other
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.services import AUDITED, SHIFTED, switch_off

FALSE_ALARM = 0.05  # the probability that a kept promise is switched off, over all looks


def certificate_watch(drive_id: int) -> None:
    """Switch the drive's certificate off when people find too many wrong among its labels, or when labels that came since are of another kind."""
    certificate = Certificate.objects.filter(drive=drive_id, state=Certificate.State.ON).first()
    if certificate is None:
        return
    later = later_audits(certificate)
    if drifted(later["seen"], later["wrong"], alpha=certificate.alpha, delta=FALSE_ALARM):
        switch_off(certificate, AUDITED)
    elif newer_are_other(certificate):
        switch_off(certificate, SHIFTED)
