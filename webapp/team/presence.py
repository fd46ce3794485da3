"""Who is where now: each page's heartbeat says where its person is, and hears who else is there."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.audit.models import Lease
from webapp.footage.models import Frame
from webapp.team.models import Presence


def presence_note(*, workspace: Workspace, user: User, frame: int | None, place: str) -> None:
    """A frame that is not of this workspace is nowhere."""
    at = Frame.objects.filter(workspace=workspace, id=frame).values_list("id", flat=True).first() if frame else None
    values = {"frame_id": at, "place": place, "seen_at": timezone.now()}
    Presence.objects.update_or_create(workspace=workspace, user=user, defaults=values)


def present(workspace: Workspace, *, besides: User | None = None) -> list[dict[str, Any]]:
    """The people heard of within one lease's time, with the frame that they look at and how many they hold."""
    now = timezone.now()
    since = now - timedelta(seconds=settings.AUDIT_LEASE_S)
    rows = Presence.objects.filter(workspace=workspace, seen_at__gte=since).select_related("user", "frame__drive")
    if besides:
        rows = rows.exclude(user=besides)
    held = dict(
        Lease.objects.filter(frame__workspace=workspace, released_at__isnull=True, expires_at__gt=now)
        .order_by()
        .values_list("user")
        .annotate(n=Count("id"))
    )
    return [
        {
            "user": {"id": row.user_id, "name": str(row.user)},
            "place": row.place,
            "frame": row.frame_id,
            "frame_name": row.frame.name if row.frame else "",
            "drive": {"id": row.frame.drive_id, "name": row.frame.drive.name} if row.frame else None,
            "held": held.get(row.user_id, 0),
            "seen_at": row.seen_at,
        }
        for row in rows.order_by("user__name", "user_id")
    ]
