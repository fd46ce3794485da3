"""Reads of the audit queue."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent


def open_frames(
    workspace: Workspace, *, drive: int | None = None, category: int | None = None, state: str | None = None
) -> QuerySet[Frame]:
    """Frames that wait for an audit."""
    states = [state] if state in Frame.OPEN_STATES else list(Frame.OPEN_STATES)
    frames = Frame.objects.filter(workspace=workspace, state__in=states)
    if drive is not None:
        frames = frames.filter(drive=drive)
    if category is not None:
        frames = frames.filter(
            Exists(Box.objects.filter(frame=OuterRef("pk"), category=category, state__in=Box.OPEN_STATES))
        )
    return frames


def audit_summary(workspace: Workspace, user: User, *, drive: int | None = None) -> dict[str, Any]:
    """What waits and what is done, by drive; and the person's own count of today."""
    waiting, audited = Q(frames__state__in=Frame.OPEN_STATES), Q(frames__state=Frame.State.AUDITED)
    drives = Drive.objects.filter(workspace=workspace, **({"id": drive} if drive else {}))
    rows = list(
        drives.annotate(
            open_frames=Count("frames", filter=waiting),
            audited_frames=Count("frames", filter=audited),
            top_risk=Max("frames__risk", filter=waiting),
        )
        .filter(Q(open_frames__gt=0) | Q(audited_frames__gt=0))
        .order_by("-open_frames", "id")
        .values("id", "name", "open_frames", "audited_frames", "top_risk")
    )
    today = timezone.now() - timedelta(hours=24)
    return {
        "open_frames": sum(row["open_frames"] for row in rows),
        "audited_frames": sum(row["audited_frames"] for row in rows),
        "open_boxes": Box.objects.filter(
            frame__in=open_frames(workspace, drive=drive), state__in=Box.OPEN_STATES
        ).count(),
        "my_decisions_today": BoxEvent.objects.filter(
            actor=user, frame__workspace=workspace, created_at__gte=today
        ).count(),
        "drives": rows,
    }
