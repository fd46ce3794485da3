"""Reads of conversations and of the stage of review."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from webapp.accounts.models import User, Workspace
from webapp.blind.models import BlindTrial
from webapp.footage.models import Frame
from webapp.labels.models import BoxEvent
from webapp.review.models import Comment, Review, Thread

Stage, Verdict = Review.Stage, Review.Verdict


def threads_of(workspace: Workspace) -> QuerySet[Thread]:
    return (
        Thread.objects.filter(frame__workspace=workspace)
        .select_related("created_by", "resolved_by", "box", "frame__drive")
        .prefetch_related("comments__author")
        .order_by("id")
    )


def comments_of(workspace: Workspace) -> QuerySet[Comment]:
    return Comment.objects.filter(thread__frame__workspace=workspace).select_related("thread", "author")


def thread_on_wire(thread: Thread) -> dict[str, Any]:
    """With all that was said in it, oldest first."""
    comments = sorted(thread.comments.all(), key=lambda comment: comment.id)
    return {
        "id": thread.id,
        "frame": thread.frame_id,
        "frame_name": thread.frame.name,
        "drive": thread.frame.drive_id,
        "drive_name": thread.frame.drive.name,
        "box": thread.box.client_id if thread.box else None,
        "x": thread.x,
        "y": thread.y,
        "resolved_by": _person(thread.resolved_by),
        "resolved_at": thread.resolved_at,
        "version": thread.version,
        "created_at": thread.created_at,
        "comments": [
            {
                "id": comment.id,
                "author": _person(comment.author),
                "text": comment.text,
                "version": comment.version,
                "created_at": comment.created_at,
                "edited_at": comment.edited_at,
            }
            for comment in comments
        ],
    }


def stage_of(frame: Frame, review: Review | None) -> str:
    """The verdict that stands and what became of the frame since: the one place where the two meet."""
    audited = frame.state == Frame.State.AUDITED
    if review is None or review.verdict == Verdict.REOPENED:
        return Stage.UNREVIEWED
    if review.verdict == Verdict.RETURNED:
        return Stage.REWORKED if audited else Stage.RETURNED
    return Stage.ACCEPTED if audited and frame.version == review.frame_version else Stage.CHANGED


def frames_in(workspace: Workspace, stage: str) -> QuerySet[Frame]:
    """The frames of a stage, by the same rules as `stage_of`; unreviewed are the audited ones alone."""
    frames = Frame.objects.filter(workspace=workspace)
    audited = frames.filter(state=Frame.State.AUDITED)
    if stage == Stage.UNREVIEWED:
        return audited.filter(~Exists(_standing(~Q(verdict=Verdict.REOPENED))))
    if stage in (Stage.RETURNED, Stage.REWORKED):
        returned = Exists(_standing(Q(verdict=Verdict.RETURNED)))
        return (audited if stage == Stage.REWORKED else frames.exclude(state=Frame.State.AUDITED)).filter(returned)
    unchanged = Exists(_standing(Q(verdict=Verdict.ACCEPTED, frame_version=OuterRef("version"))))
    if stage == Stage.ACCEPTED:
        return audited.filter(unchanged)
    as_accepted = Q(state=Frame.State.AUDITED) & Q(unchanged)
    return frames.filter(Exists(_standing(Q(verdict=Verdict.ACCEPTED)))).exclude(as_accepted)


def review_counts(workspace: Workspace, user: User) -> dict[str, int]:
    """How many frames are in each stage, what of it was returned to this person, and how many conversations are open.

    Unreviewed are counted as the rest of the audited: verdicts are few, audited frames may be a million. A frame of which the person sees
    a blind trial counts no more than the lists hold it: the difference would tell.
    """
    blind = BlindTrial.frames_of(user)
    stages = [stage for stage in Stage.values if stage != Stage.UNREVIEWED]
    judged = {stage: frames_in(workspace, stage).exclude(id__in=blind).count() for stage in stages}
    audited = Frame.objects.filter(workspace=workspace, state=Frame.State.AUDITED).exclude(id__in=blind)
    judged_and_audited = Review.objects.filter(current=True, frame__in=audited).exclude(verdict=Verdict.REOPENED)
    return {
        **judged,
        "unreviewed": audited.count() - judged_and_audited.count(),
        "returned_to_me": returned_to(user.id, workspace).count(),
        "open_threads": Thread.objects.filter(frame__workspace=workspace, resolved_at__isnull=True).count(),
    }


def review_rows(frames: Sequence[Frame]) -> list[dict[str, Any]]:
    """Frames as a reviewer's list shows them; four queries whatever their number."""
    ids = [frame.id for frame in frames]
    reviews = {
        review.frame_id: review
        for review in Review.objects.filter(frame__in=ids, current=True)
        .select_related("by", "annotator")
        .prefetch_related("thread__comments")
    }
    authors, threads = annotators_of(ids), _open_threads(ids)
    return [
        {
            "id": frame.id,
            "name": frame.name,
            "drive": frame.drive_id,
            "drive_name": frame.drive.name,
            "state": frame.state,
            "version": frame.version,
            "stage": stage_of(frame, reviews.get(frame.id)),
            "annotator": _person(authors.get(frame.id)),
            "review": review_on_wire(reviews.get(frame.id)),
            "open_threads": threads.count(frame.id),
        }
        for frame in frames
    ]


def annotators_of(frame_ids: Collection[int]) -> dict[int, User]:
    """Frame -> who finished it last."""
    finished = BoxEvent.objects.filter(frame__in=frame_ids, kind=BoxEvent.Kind.FINISHED, actor__isnull=False)
    return {event.frame_id: event.actor for event in finished.select_related("actor").order_by("id") if event.actor}


def reviews_of(frame: Frame) -> QuerySet[Review]:
    found = Review.objects.filter(frame=frame).select_related("by", "annotator")
    return found.prefetch_related("thread__comments").order_by("-id")


def finished_by(user: int, frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Those of the frames that this person was the last to finish."""
    finished = BoxEvent.objects.filter(frame=OuterRef("pk"), kind=BoxEvent.Kind.FINISHED, actor__isnull=False)
    last = Subquery(finished.order_by("-id").values("actor")[:1])
    theirs = frames.filter(id__in=BoxEvent.objects.filter(kind=BoxEvent.Kind.FINISHED, actor=user).values("frame"))
    return theirs.annotate(last=last).filter(last=user)


def discussed(workspace: Workspace) -> QuerySet[Frame]:
    """Frames with a conversation; one that has several may come as often."""
    return Frame.objects.filter(workspace=workspace, threads__isnull=False)


def returned_to(user: int, workspace: Workspace) -> QuerySet[Frame]:
    """Frames that a lead gave back to this person and that wait for them."""
    mine = _standing(Q(verdict=Verdict.RETURNED, annotator=user))
    return Frame.objects.filter(Exists(mine), workspace=workspace, state__in=Frame.OPEN_STATES)


def review_on_wire(review: Review | None) -> dict[str, Any] | None:
    if review is None:
        return None
    said = min(review.thread.comments.all(), key=lambda comment: comment.id, default=None) if review.thread else None
    return {
        "id": review.id,
        "verdict": review.verdict,
        "by": _person(review.by),
        "annotator": _person(review.annotator),
        "thread": review.thread_id,
        "text": said.text if said else "",
        "created_at": review.created_at,
    }


def _standing(condition: Q) -> QuerySet[Review]:
    return Review.objects.filter(condition, frame=OuterRef("pk"), current=True)


def _open_threads(frame_ids: Collection[int]) -> list[int]:
    return list(
        Thread.objects.filter(frame__in=frame_ids, resolved_at__isnull=True).values_list(F("frame_id"), flat=True)
    )


def _person(user: User | None) -> dict[str, Any] | None:
    return {"id": user.id, "name": str(user)} if user else None
