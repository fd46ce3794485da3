"""Writes of a whole track: one decision about its boxes over many frames, all or none, an event for each, taken back as one."""

from typing import Any
from uuid import UUID

from django.db import transaction

from webapp.accounts.models import User
from webapp.core.errors import DomainError, StaleVersion
from webapp.footage.models import Drive, Frame
from webapp.labels.models import BoxEvent, Track
from webapp.labels.track_changes import TrackChange, Unseen
from webapp.labels.tracks import track_detail

TRACK_KINDS = ("accept", "reject", "relabel", "reshape", "split", "merge", "undo")


def track_apply(*, track: Track, wanted: dict[str, Any], actor: User) -> dict[str, Any]:
    """Decide about a track, as seen in `wanted["versions"]`: frame id -> version. The same decision again changes nothing.

    Raises:
        StaleVersion `track_changed`: frames moved meanwhile, or the track lies on others; they are named in `frames`, `current` is the track.
        Conflict `lease_held`, `tracks_overlap`, `nothing_to_split`, `nothing_to_change`, `already_undone`, `not_last_change`.
        DomainError `invalid_operation`, with the path of the field; Forbidden `frames_audited`, `not_yours`.
    """
    with transaction.atomic():
        # Drive, then frames by rising id: the order in which everybody locks.
        Drive.objects.select_for_update().get(id=track.drive_id)
        frames = _locked(track, wanted["versions"])
        duplicate = _known(track, wanted["id"])
        if not duplicate:
            _refuse_moved(track, [id for id, frame in frames.items() if frame.version != wanted["versions"][id]], actor)
            change = TrackChange(track, frames, actor, wanted)
            try:
                getattr(change, wanted["kind"])()
                change.write()
            except Unseen as unseen:
                _refuse_moved(track, unseen.frames, actor)
        tracks = Track.objects.filter(id__in=_concerned(track, wanted)).order_by("id")
        return {"id": wanted["id"], "duplicate": duplicate, "tracks": [track_detail(each, actor) for each in tracks]}


def _locked(track: Track, versions: dict[int, int]) -> dict[int, Frame]:
    """The named frames in the order of the road."""
    found = Frame.objects.select_for_update().filter(drive=track.drive_id, id__in=versions).order_by("id")
    frames = {frame.id: frame for frame in found}
    if missing := versions.keys() - frames.keys():
        fields = {f"versions.{id}": "The track's drive has no such frame." for id in sorted(missing)}
        raise DomainError("invalid_operation", "Frames of another drive were named.", fields=fields)
    return dict(sorted(frames.items(), key=lambda row: (row[1].clip_id, row[1].index)))


def _known(track: Track, id: UUID) -> bool:
    event = BoxEvent.objects.filter(group=id).select_related("frame").first()
    if event is not None and event.frame.drive_id != track.drive_id:
        raise DomainError("invalid_operation", "This id was used on another drive.", fields={"id": "Used elsewhere."})
    return event is not None


def _refuse_moved(track: Track, moved: list[int], actor: User) -> None:
    if moved:
        names = Frame.objects.filter(id__in=moved).order_by("id").values("id", "name", "version")
        raise StaleVersion(
            "track_changed",
            f"{len(moved)} frames of this track changed meanwhile.",
            extra={"frames": list(names), "current": track_detail(track, actor)},
        )


def _concerned(track: Track, wanted: dict[str, Any]) -> set[int]:
    """The track, and those that boxes came from or went to."""
    moves = BoxEvent.objects.filter(group=wanted["id"]).values_list("before", "after")
    return {track.id} | {side["track"] for move in moves for side in move if side and side.get("track")}
