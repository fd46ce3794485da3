"""Reads of footage. Lists are few queries whatever their length."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from webapp.accounts.models import Workspace
from webapp.footage.models import Clip, Drive, Frame

FRAME_STATES = [state for state in Frame.State.values if state != Frame.State.REOPENED]


def drives_of(workspace: Workspace) -> QuerySet[Drive]:
    return Drive.objects.filter(workspace=workspace).select_related("taxonomy", "label_model").order_by("-id")


def clips_of(workspace: Workspace) -> QuerySet[Clip]:
    return Clip.objects.filter(drive__workspace=workspace).select_related("drive").order_by("id")


def originals_bytes(workspace: Workspace) -> int:
    """What the workspace's uploaded files take."""
    kept = Clip.objects.filter(drive__workspace=workspace).exclude(key="")
    return int(kept.aggregate(n=Sum("size"))["n"] or 0)


def frames_of(workspace: Workspace) -> QuerySet[Frame]:
    return Frame.objects.filter(workspace=workspace)


def in_drive_order(frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """As they were filmed: clip after clip, frame after frame."""
    return frames.order_by("clip_id", "index")


def drive_counts(tallies: Mapping[int, Mapping[str, tuple[int, float]]]) -> dict[int, dict[str, int]]:
    """Per drive: clips, failed clips, frames, and frames by state; reopened frames wait like pre-labelled ones."""
    drive_ids = list(tallies)
    counts = {id: {"clips": 0, "clips_failed": 0, "frames": 0, **dict.fromkeys(FRAME_STATES, 0)} for id in drive_ids}
    for row in (
        Clip.objects.filter(drive__in=drive_ids)
        .exclude(state=Clip.State.DUPLICATE)
        .values("drive")
        .annotate(n=Count("id"), failed=Count("id", filter=Q(state=Clip.State.FAILED)))
    ):
        counts[row["drive"]].update(clips=row["n"], clips_failed=row["failed"])
    for drive, tally in tallies.items():
        for state, (n, _) in tally.items():
            counts[drive][Frame.State.PRELABELLED if state == Frame.State.REOPENED else state] += n
            counts[drive]["frames"] += n
    return counts


def drive_covers(drive_ids: list[int]) -> dict[int, int]:
    """The first frame of each drive."""
    first = Frame.objects.filter(drive=OuterRef("id")).order_by("clip_id", "index").values("id")[:1]
    covers = Drive.objects.filter(id__in=drive_ids).annotate(cover=Subquery(first)).values_list("id", "cover")
    return {drive: cover for drive, cover in covers if cover is not None}


def frame_counts(clip_ids: list[int]) -> dict[int, int]:
    """Frames per clip."""
    rows: Any = Frame.objects.filter(clip__in=clip_ids).values_list("clip").annotate(n=Count("id")).order_by()
    return dict(rows)
