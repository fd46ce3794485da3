"""Writes of conversations: begin, answer, put in other words, resolve, open again."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import User
from webapp.core.errors import DomainError, Forbidden, StaleVersion
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.review.models import Comment, Thread
from webapp.review.selectors import thread_on_wire


@transaction.atomic
def thread_begin(
    *, frame: Frame, author: User, text: str, box: UUID | None = None, x: float | None = None, y: float | None = None
) -> Thread:
    """Pin a comment to a box, to a point of the frame, or to the frame.

    Raises:
        DomainError `invalid_pin`: no such box here, or a point outside the frame.
    """
    pinned = _box(frame, box) if box else None
    if pinned:
        x, y = pinned.x + pinned.width / 2, pinned.y + pinned.height / 2
    if x is not None and y is not None and not (0 <= x <= frame.width and 0 <= y <= frame.height):
        raise DomainError("invalid_pin", f"The point lies outside the frame, {frame.width}x{frame.height} px.")
    thread = Thread.objects.create(frame=frame, box=pinned, x=x, y=y, created_by=author)
    Comment.objects.create(thread=thread, author=author, text=text)
    return thread


@transaction.atomic
def thread_answer(*, thread: Thread, author: User, text: str) -> Thread:
    """Nothing can be overwritten by an answer, so it needs no version."""
    thread = _locked(thread)
    Comment.objects.create(thread=thread, author=author, text=text)
    return _moved(thread)


@transaction.atomic
def thread_resolve(*, thread: Thread, by: User, resolved: bool, expected_version: int) -> Thread:
    """Resolve, or open again. Raises StaleVersion `thread_changed` when somebody wrote or resolved meanwhile."""
    thread = _locked(thread)
    if (thread.resolved_at is not None) == resolved:
        return thread
    _refuse_stale(thread, expected_version)
    thread.resolved_at = timezone.now() if resolved else None
    thread.resolved_by = by if resolved else None
    return _moved(thread)


@transaction.atomic
def comment_edit(*, comment: Comment, author: User, text: str, expected_version: int) -> Thread:
    """Raises Forbidden `not_yours`, StaleVersion `thread_changed`."""
    thread = _locked(comment.thread)
    comment = Comment.objects.get(id=comment.id)
    if comment.author_id != author.id:
        raise Forbidden("not_yours", "Only who wrote a comment may change it.")
    if comment.version != expected_version:
        _refuse_stale(thread, None)
    comment.text, comment.edited_at, comment.version = text, timezone.now(), comment.version + 1
    comment.save(update_fields=["text", "edited_at", "version"])
    return _moved(thread)


def _box(frame: Frame, client_id: UUID) -> Box:
    found = Box.rows.filter(frame=frame, client_id=client_id).first()  # those of a blind trial too
    if found is None:
        raise DomainError("invalid_pin", "There is no such box on this frame.", fields={"box": "Not on this frame."})
    return found


def _locked(thread: Thread) -> Thread:
    return Thread.objects.select_for_update().get(id=thread.id)


def _moved(thread: Thread) -> Thread:
    thread.version += 1
    thread.save(update_fields=["resolved_at", "resolved_by", "version", "updated_at"])
    return thread


def _refuse_stale(thread: Thread, expected_version: int | None) -> None:
    if thread.version != expected_version:
        current: dict[str, Any] = thread_on_wire(thread)
        raise StaleVersion("thread_changed", "Somebody wrote or resolved here meanwhile.", extra={"current": current})
