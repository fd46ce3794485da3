"""Reads of tracks: those of a drive that wait, riskiest first, and one with its frames, as a filmstrip shows it."""

from collections import Counter
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet

from ml.risk.severity import MAX_SEVERITY
from webapp.accounts.models import User, Workspace
from webapp.audit.selectors import held_by_others
from webapp.blind.models import BlindTrial
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, Track
from webapp.labels.selectors import boxes_on_wire
from webapp.labels.shown import shown_boxes

MOST_TRACKS = 200
GONE = (Box.State.REJECTED, Box.State.DISMISSED)


def track_in(workspace: Workspace, pk: int) -> Track | None:
    return Track.objects.select_related("drive").filter(drive__workspace=workspace, pk=pk).first()


def open_tracks(drive: Drive) -> list[dict[str, Any]]:
    """Tracks with a box that waits, the riskiest first; of equals, the one whose decision settles more."""
    waiting = Q(state__in=Box.OPEN_STATES)
    rows = (
        shown_boxes()
        .filter(frame__drive=drive, track__isnull=False)
        .order_by()
        .values("track", "track__number")
        .annotate(
            open=Count("id", filter=waiting),
            boxes=Count("id", filter=~Q(state__in=GONE)),
            clip=Min("frame__clip"),
            start=Min("frame__index"),
            end=Max("frame__index"),
            priority=Max(F("risk") * F("severity") / MAX_SEVERITY, filter=waiting),
        )
        .filter(open__gt=0)
    )
    ordered = sorted(rows, key=lambda row: (-(row["priority"] or 0.0), -row["open"], row["track"]))[:MOST_TRACKS]
    categories = _categories([row["track"] for row in ordered])
    return [
        {
            "id": row["track"],
            "number": row["track__number"],
            "category": categories.get(row["track"]),
            "clip": row["clip"],
            "start": row["start"],
            "end": row["end"],
            "open": row["open"],
            "boxes": row["boxes"],
            "priority": row["priority"] or 0.0,
        }
        for row in ordered
    ]


def _categories(tracks: list[int]) -> dict[int, int | None]:
    """The category that most kept boxes of each track have."""
    counted: dict[int, Counter[int | None]] = {}
    kept = shown_boxes().filter(track__in=tracks).exclude(state__in=GONE).order_by()
    for track, category, count in kept.values_list("track", "category").annotate(n=Count("id")):
        counted.setdefault(track, Counter())[category] += count
    return {track: counts.most_common(1)[0][0] for track, counts in counted.items()}


def track_detail(track: Track, user: User) -> dict[str, Any]:
    """The track's frames in the order of the road, from its first to its last, with those between on which it has no box."""
    drive = Drive.objects.get(id=track.drive_id)
    blind = BlindTrial.frames_of(user)  # what they were for others is not for this person to see
    frames = list(_frames(track).exclude(id__in=blind).order_by("clip", "index"))
    there = shown_boxes().filter(track=track).exclude(frame__in=blind)
    shown = list(there.order_by("id").values_list("id", "frame"))
    boxes: dict[int, list[dict[str, Any]]] = {frame.id: [] for frame in frames}
    for (_, frame_id), box in zip(shown, boxes_on_wire([id for id, _ in shown]), strict=True):  # by id, both
        boxes[frame_id].append(box)
    holders = held_by_others([frame.id for frame in frames], user)
    return {
        "id": track.id,
        "number": track.number,
        "drive": drive.id,
        "drive_name": drive.name,
        "taxonomy": drive.taxonomy_id,
        "category": _categories([track.id]).get(track.id),
        "frames": [_frame(frame) | {"held_by": holders.get(frame.id), "boxes": boxes[frame.id]} for frame in frames],
    }


def _frames(track: Track) -> QuerySet[Frame]:
    spans = shown_boxes().filter(track=track).order_by().values_list("frame__clip").distinct()
    wanted = Q(pk__in=[])
    for (clip,) in spans:
        indexes = shown_boxes().filter(track=track, frame__clip=clip).values_list("frame__index", flat=True)
        wanted |= Q(clip=clip, index__range=(min(indexes), max(indexes)))
    return Frame.objects.filter(wanted)


def _frame(frame: Frame) -> dict[str, Any]:
    return {
        "id": frame.id,
        "name": frame.name,
        "clip": frame.clip_id,
        "index": frame.index,
        "time_ms": frame.time_ms,
        "width": frame.width,
        "height": frame.height,
        "state": frame.state,
        "version": frame.version,
    }
