"""Frames that stayed on a device: what it saw in them comes as numbers, and a job fills in what their labelled neighbours know better."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ml.edge.afterwards import Judged
from webapp.fleet.afterwards import follow, state_json
from webapp.fleet.models import Device, Sighting, Uplink
from webapp.fleet.services import our_time, own_key
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue

REACH = timedelta(seconds=5)  # a labelled frame farther away says nothing of a frame
# The key frame behind a sighting may come late, or never: afterwards those before it are enough.
WAITS = timedelta(minutes=20)
KEEP = timedelta(days=30)


def sighting_record(device: Device, key: str, *, sent_at_ms: float, frames: list[dict[str, Any]], **size: int) -> bool:
    """Whether it is new; times are put by our clock."""
    ours = [{**frame, "at_ms": _ms(our_time(frame["at_ms"], sent_at_ms))} for frame in frames]
    ours.sort(key=lambda frame: float(frame["at_ms"]))
    ends = [datetime.fromtimestamp(ours[place]["at_ms"] / 1000, UTC) for place in (0, -1)]
    try:
        with transaction.atomic():
            Sighting.objects.create(
                device=device, key=own_key(device, key), frames=ours, at=ends[0], ends_at=ends[1], **size
            )
    except IntegrityError:
        return False
    return True


def sightings_tick() -> dict[str, int]:
    """A job for each device of which something can be filled; old ones are forgotten."""
    waiting = ready()
    for device in Device.objects.filter(id__in=waiting.values("device")).select_related("workspace"):
        if not _active(device):
            fill_enqueue(device)
    return {"old_sightings": Sighting.objects.filter(received_at__lt=timezone.now() - KEEP).delete()[0]}


def ready(device: Device | None = None) -> QuerySet[Sighting]:
    """Sightings that wait and have a labelled frame behind their end, or have waited long enough for one."""
    behind = Uplink.objects.filter(device=OuterRef("device"), state=Uplink.State.LABELLED, at__gte=OuterRef("ends_at"))
    # A frame on its way to its labels may be the nearer neighbour.
    coming = Uplink.objects.filter(
        device=OuterRef("device"), state=Uplink.State.RECEIVED, at__gte=OuterRef("at") - REACH,
        at__lte=OuterRef("ends_at") + REACH,
    )  # fmt: skip
    waiting = Sighting.objects.filter(filled_at=None, **({"device": device} if device else {}))
    settled = waiting.filter(Exists(behind)).exclude(Exists(coming))
    return (settled | waiting.filter(received_at__lt=timezone.now() - WAITS)).order_by("at")


def fill_enqueue(device: Device) -> Job:
    return enqueue(
        Job.Kind.FILL_SIGHTINGS,
        workspace=device.workspace,
        params={"device": device.id},
        title=f"Fill in what {device.name} kept",
    )


def sighting_filled(sighting: Sighting, filled: list[list[dict[str, Any]]], found: Sequence[Judged]) -> Counter[str]:
    """Keep the pseudo-labels and states of every frame of it, and do what follows from them: how much, nothing when it was done before."""
    boxes = [box for frame in filled for box in frame]
    counts: dict[str, float] = dict(Counter(box["origin"] for box in boxes))
    counts["most_doubt"] = max((one.doubt for one in found if one.doubtful), default=0.0)
    counts["risk"] = round(sum(box["risk"] for box in boxes) / len(boxes), 4) if boxes else 0.0
    with transaction.atomic():
        waiting = Sighting.objects.filter(id=sighting.id, filled_at=None)
        if not waiting.update(filled=filled, states=[state_json(one) for one in found], filled_at=timezone.now()):
            return Counter()
        followed = follow(sighting, found)
        Sighting.objects.filter(id=sighting.id).update(counts={**counts, **followed})
    return Counter(followed)


def _active(device: Device) -> bool:
    under_way = Job.objects.filter(workspace=device.workspace, kind=Job.Kind.FILL_SIGHTINGS, params__device=device.id)
    return under_way.exclude(state__in=Job.FINISHED_STATES).exists()


def _ms(at: datetime) -> float:
    return round(at.timestamp() * 1000, 1)
