"""A lead's verdicts. Accepting changes no label; returning opens the frame for its annotator, reopening for anybody."""

import uuid

from django.db import transaction

from webapp.accounts.models import User
from webapp.audit.services import lease_end
from webapp.blind.services import trial_leave
from webapp.core.errors import Conflict, StaleVersion
from webapp.footage.models import Frame
from webapp.labels.models import BoxEvent
from webapp.labels.selectors import frames_detail
from webapp.labels.services import operations_apply
from webapp.review.models import Review, Thread
from webapp.review.selectors import annotators_of, review_on_wire
from webapp.review.threads import thread_begin

Verdict = Review.Verdict


@transaction.atomic
def frame_review(
    *,
    frame: Frame,
    by: User,
    verdict: str,
    expected_version: int,
    seen: int | None,
    text: str = "",
    box: uuid.UUID | None = None,
) -> Review:
    """Speak a verdict on a frame as it was seen, `seen` being the verdict that stood then.

    Raises:
        StaleVersion `frame_changed`; Conflict `review_changed`: another lead was quicker, their verdict is in `current`.
        Conflict `not_audited`: there is no finished work to judge; `lease_held`: somebody is at it.
    """
    frame = Frame.objects.select_for_update().get(id=frame.id)
    trial_leave(frame, by)
    standing = Review.objects.filter(frame=frame, current=True).select_related("by").first()
    if (standing.id if standing else None) != seen:
        raise Conflict(
            "review_changed",
            f"{standing.by if standing else 'Nobody'} has judged this frame meanwhile.",
            extra={"current": review_on_wire(standing)},
        )
    if frame.version != expected_version:
        current = frames_detail(Frame.objects.filter(id=frame.id), by)[0]
        raise StaleVersion("frame_changed", "Somebody changed this frame meanwhile.", extra={"current": current})
    _refuse_unfinished(frame, standing, verdict)
    thread = thread_begin(frame=frame, author=by, text=text, box=box) if text else None
    if verdict != Verdict.ACCEPTED:
        _open_again(frame, by)
    return _record(frame, by, verdict, thread)


def _refuse_unfinished(frame: Frame, standing: Review | None, verdict: str) -> None:
    """A returned frame that its annotator never takes up may still be opened for everybody."""
    freed = standing and standing.verdict == Verdict.RETURNED and verdict == Verdict.REOPENED
    if frame.state != Frame.State.AUDITED and not freed:
        raise Conflict("not_audited", "Only an audited frame can be reviewed.")


def _open_again(frame: Frame, by: User) -> None:
    if frame.state == Frame.State.AUDITED:
        operation = {"id": uuid.uuid4(), "kind": "reopen", "device": "review"}
        operations_apply(frame=frame, operations=[operation], expected_version=frame.version, actor=by)
        lease_end(frame)  # the lead judges it and does not audit it
        frame.refresh_from_db()


def _record(frame: Frame, by: User, verdict: str, thread: Thread | None) -> Review:
    Review.objects.filter(frame=frame, current=True).update(current=False)
    return Review.objects.create(
        frame=frame,
        verdict=verdict,
        by=by,
        annotator=_annotator(frame, by) if verdict == Verdict.RETURNED else None,
        thread=thread,
        frame_version=frame.version,
    )


def _annotator(frame: Frame, by: User) -> User:
    """Who finished it; of a frame that came audited from elsewhere, who touched it last; else the lead."""
    last = BoxEvent.objects.filter(frame=frame, actor__isnull=False).exclude(actor=by).order_by("-id").first()
    return annotators_of([frame.id]).get(frame.id) or (last.actor if last and last.actor else by)
