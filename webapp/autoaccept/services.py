"""Writes of automatic acceptance: switch on, apply frame by frame, switch off, undo as a whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from ml.risk.auto_accept import shifted
from webapp.accounts.models import User
from webapp.audit.models import Lease
from webapp.autoaccept.models import Certificate
from webapp.autoaccept.slices import certified_slices, drawn_risks, waiting
from webapp.core.errors import Conflict
from webapp.footage.models import Drive, Frame
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values, pooled_risk
from webapp.labels.selectors import desk_boxes

FRAMES = 100  # a chunk
AUDITED, SHIFTED = "audits", "shift"  # what switched it off
State = Certificate.State


@transaction.atomic
def certificate_issue(*, drive: Drive, alpha: float, delta: float, created_by: User) -> Certificate:
    """Switch automatic acceptance on; a job accepts.

    Raises:
        Conflict `already_certified`: undo the standing one first; `nothing_certified`: no slice is proved as right as that.
    """
    Drive.objects.select_for_update().get(id=drive.id)
    if Certificate.objects.filter(drive=drive).exclude(state=State.UNDONE).exists():
        raise Conflict("already_certified", "Labels of this drive are accepted automatically already: undo that first.")
    slices = certified_slices(drive, alpha=alpha, delta=delta)
    if not slices:
        raise Conflict(
            "nothing_certified", "No category's random labels prove that few are wrong: audit more of the sample."
        )
    certificate = Certificate.objects.create(
        drive=drive,
        sample=drive.audit_samples.get(current=True),
        alpha=alpha,
        delta=delta,
        slices=slices,
        created_by=created_by,
    )
    return _queued(certificate, created_by, undo=False)


@transaction.atomic
def certificate_withdraw(certificate: Certificate, *, by: User) -> Certificate:
    """Undo it as a whole; a job opens every label again that nobody took over. Twice changes nothing."""
    certificate = Certificate.objects.select_for_update().get(id=certificate.id)
    if certificate.state == State.UNDONE:
        return certificate
    certificate.state = State.UNDONE
    certificate.save(update_fields=["state", "updated_at"])
    return _queued(certificate, by, undo=True)


def certificate_apply(certificate: Certificate, on_progress: Callable[[int, int], None]) -> int:
    """Accept what the slices cover and nobody has on loan. Again, it goes on with what is left. How many labels there are now.

    Where risks are spread otherwise than when they were certified, it switches itself off instead.
    """
    if _has_shifted(certificate):
        switch_off(certificate, SHIFTED)
    boxes = waiting(certificate.sample, certificate.slices)
    for frames in _chunks(boxes, on_progress):
        with transaction.atomic():
            standing = Certificate.objects.select_for_update().get(id=certificate.id)
            if standing.state != State.ON:
                break
            _accept(standing, boxes, frames)
    certificate.refresh_from_db()
    return certificate.accepted


def certificate_undo(certificate: Certificate, on_progress: Callable[[int, int], None]) -> int:
    """Open the labels again that it accepted and nobody took over. Audited frames are reopened with them."""
    boxes = Box.objects.filter(certificate=certificate, state=Box.State.ACCEPTED)
    opened = 0
    for frames in _chunks(boxes, on_progress):
        with transaction.atomic():
            locked = Frame.objects.select_for_update().filter(id__in=frames)
            kept = {frame.id: frame for frame in locked}
            rows = list(boxes.filter(frame__in=kept))
            _move(rows, Box.State.PENDING, BoxEvent.Kind.RESTORED, certificate, kept=None)
            for frame in kept.values():
                if frame.state == Frame.State.AUDITED:
                    frame.state = Frame.State.REOPENED
            _settle(list(kept.values()))
            opened += len(rows)
    return opened


def switch_off(certificate: Certificate, reason: str) -> None:
    """Nothing more is accepted by it; what was stays until somebody undoes it."""
    standing = Certificate.objects.filter(id=certificate.id, state=State.ON)
    standing.update(state=State.OFF, off_reason=reason, off_at=timezone.now())


def _queued(certificate: Certificate, by: User, *, undo: bool) -> Certificate:
    certificate.job = enqueue(
        Job.Kind.AUTO_ACCEPT,
        workspace=certificate.drive.workspace,
        params={"certificate": certificate.id, "undo": undo},
        title=f"{'Undo accepting' if undo else 'Accept'} labels of {certificate.drive.name}",
        created_by=by,
    )
    certificate.save(update_fields=["job"])
    return certificate


def _has_shifted(certificate: Certificate) -> bool:
    drawn = drawn_risks(certificate.sample)
    for one in certificate.slices:
        before = [label.risk for label in drawn.get(one["category"], ()) if label.risk <= one["threshold"]]
        now = waiting(certificate.sample, [one]).order_by("-id").values_list("risk", flat=True)[:2000]
        if shifted(before, [risk for risk in now if risk is not None]):
            return True
    return False


def _chunks(boxes: Any, on_progress: Callable[[int, int], None]) -> Iterator[Sequence[int]]:
    frames = sorted(set(boxes.order_by().values_list("frame_id", flat=True)))
    for start in range(0, len(frames), FRAMES):
        yield frames[start : start + FRAMES]
        on_progress(min(start + FRAMES, len(frames)), len(frames))


def _accept(certificate: Certificate, boxes: Any, frames: Sequence[int]) -> None:
    lent = Exists(Lease.objects.filter(frame=OuterRef("pk"), released_at__isnull=True))
    locked = list(
        Frame.objects.select_for_update(of=("self",)).filter(~lent, id__in=frames, state__in=Frame.OPEN_STATES)
    )
    rows = list(boxes.filter(frame__in=locked))
    _move(rows, Box.State.ACCEPTED, BoxEvent.Kind.ACCEPTED, certificate, kept=certificate)
    _settle(locked)
    Certificate.objects.filter(id=certificate.id).update(accepted=F("accepted") + len(rows))


def _move(rows: list[Box], state: str, kind: str, certificate: Certificate, *, kept: Certificate | None) -> None:
    events = []
    for box in rows:
        before = box_values(box)
        box.state, box.certificate = state, kept
        after = box_values(box)
        events.append(
            BoxEvent(box=box, frame_id=box.frame_id, kind=kind, before=before, after=after, device=certificate.device)
        )
    Box.objects.bulk_update(rows, ["state", "certificate"], batch_size=200)
    BoxEvent.objects.bulk_create(events)


def _settle(frames: list[Frame]) -> None:
    """State, risk and version follow the boxes, as at the desk."""
    Frame.objects.bulk_update(frames, ["state"])
    by_frame: dict[int, list[Box]] = {frame.id: [] for frame in frames}
    for box in desk_boxes(list(by_frame)).filter(state__in=Box.OPEN_STATES):
        by_frame[box.frame_id].append(box)
    for frame in frames:
        frame.risk, frame.version = pooled_risk(by_frame[frame.id]), frame.version + 1
    Frame.objects.bulk_update(frames, ["risk", "version"])
