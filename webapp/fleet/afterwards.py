"""What follows from frames that stayed on a device, once they are filled in: the platform's alarms, and pictures asked for where labels are doubtful.

An ordered picture comes up like any frame: it is labelled, scored for risk and stands in the audit queue. Called within the transaction that
marks the frames as filled, which happens once: nothing is raised or asked for twice. A device is asked so many times an hour; the nearer it is to
that, the more doubtful a picture must be to be among what is left, and an alarm's pictures are asked for until the end.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from ml.edge.afterwards import Judged
from ml.edge.alarms import Alarm as Warned
from webapp.fleet.commands import command_issue
from webapp.fleet.models import Alarm, Command, Device, Sighting
from webapp.fleet.platform_alarm import warned

KEPT_FOR = timedelta(minutes=10)  # the device's ring (ml/edge/ring.py)
ONE_PICTURE_S, EVIDENCE_S = 0.3, 5.0  # either side; the ring has one in half a second
MOST_AN_HOUR = 30  # asked of one device: some 3 MB
HOUR = timedelta(hours=1)


def state_json(one: Judged) -> dict[str, Any]:
    """What is known of a frame as a whole."""
    cipo = one.cipo
    return {
        "scene": list(one.scene),
        "cipo": cipo.track.category if cipo else None,
        "gap_m": round(cipo.gap_m, 1) if cipo else None,
        "risk": round(one.risk, 4),
        "doubt": round(one.doubt, 4),
    }


def follow(sighting: Sighting, found: Sequence[Judged]) -> dict[str, int]:
    """Raise and ask; how many alarms, doubtful frames and pictures asked for."""
    times = [float(frame["at_ms"]) for frame in sighting.frames]
    raised = [
        row
        for at_ms, one in zip(times, found, strict=True)
        for alarm in one.alarms
        if (row := _raise(sighting, alarm, at_ms))
    ]
    asked = sum(_ask(sighting.device, row.at, EVIDENCE_S, alarm=row.key.split("/", 1)[1]) for row in raised)
    doubtful = [(one.doubt, at_ms) for at_ms, one in zip(times, found, strict=True) if one.doubtful]
    most, most_ms = max(doubtful, default=(0.0, 0.0))
    # An alarm's pictures show the doubt of those seconds too.
    if doubtful and not raised and _among_the_best(sighting.device, most):
        asked += _ask(sighting.device, _at(most_ms), ONE_PICTURE_S)
    return {"alarms": len(raised), "doubtful": len(doubtful), "asked": asked}


def _raise(sighting: Sighting, alarm: Warned, at_ms: float) -> Alarm | None:
    """The platform's alarm, unless somebody was warned of that already."""
    at = _at(at_ms)
    if warned(sighting.device, alarm.kind, at):
        return None
    row, _ = Alarm.objects.get_or_create(
        key=f"{sighting.key}:{alarm.kind}:{at_ms:.0f}",
        defaults={
            "device": sighting.device, "source": Alarm.Source.PLATFORM, "kind": alarm.kind, "level": alarm.level,
            "at": at, "gap_m": round(alarm.gap_m, 1), "seconds": round(alarm.seconds, 2), "speed_kmh": alarm.speed_kmh,
            "reason": "By frames that stayed on the device, filled in from their labelled neighbours.",
        },
    )  # fmt: skip
    return row


def _ask(device: Device, at: datetime, seconds: float, *, alarm: str = "") -> bool:
    """Order the pictures while the device has them. It may be told too much: what is not asked for today stays filled in."""
    lives = at + KEPT_FOR - timezone.now()
    if lives <= timedelta(0) or _room(device) <= 0:
        return False
    args = {"at_ms": at.timestamp() * 1000, "seconds": seconds} | ({"alarm": alarm} if alarm else {})
    command_issue(device, Command.Kind.REQUEST_CLIP, args, by=None, lives=lives)
    return True


def _room(device: Device) -> float:
    """The share of the hour's orders that is left."""
    hour = Command.objects.filter(device=device, kind=Command.Kind.REQUEST_CLIP, created_by=None)
    return 1 - hour.filter(issued_at__gte=timezone.now() - HOUR).count() / MOST_AN_HOUR


def _among_the_best(device: Device, doubt: float) -> bool:
    """Whether the doubt is in the highest part of the hour's, as large a part as there is room for."""
    hour = Sighting.objects.filter(device=device, filled_at__gte=timezone.now() - HOUR, counts__most_doubt__gt=0)
    known: list[float] = list(hour.values_list("counts__most_doubt", flat=True))
    return sum(one > doubt for one in known) <= _room(device) * len(known)


def _at(at_ms: float) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
