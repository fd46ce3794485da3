"""The cloud's second look at a frame that came up: is the device's alarm true, and is there a danger that the device did not see?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from ml.edge.alarms import REARM_MS, Thresholds
from ml.edge.distance import distance_of
from ml.edge.motion import headway
from ml.edge.mount import Mount, camera_of
from ml.risk.cipo import closest_in_path
from webapp.fleet.models import Alarm, Device, Uplink
from webapp.footage.models import Frame
from webapp.labels.models import Box

SURE = 0.5
SAME_MOMENT = timedelta(seconds=0.5)  # of pictures that a device keeps one of in a second
SAME_EVENT = timedelta(milliseconds=REARM_MS)
# Whoever was warned of a vehicle needs no second warning of it in other words.
CONCERNS: dict[str, tuple[str, ...]] = {"fcw": ("fcw", "headway"), "headway": ("fcw", "headway"), "pcw": ("pcw",)}
PERSON_S = 1.5  # a still has no closing speed: a person in the path so near is a danger at any


@dataclass(frozen=True, slots=True)
class Danger:
    kind: str
    gap_m: float
    seconds: float
    reason: str


def danger_in(uplink: Uplink) -> Danger | None:
    """By the cloud model's boxes and the speed that the device told; None without a speed."""
    speed_kmh = uplink.body.get("speed_kmh")
    if speed_kmh is None or uplink.frame is None:
        return None
    found = closest_object(uplink)
    if found is None:
        return None
    category, group, gap_m = found
    seconds = headway(gap_m, speed_kmh / 3.6)
    standard = Thresholds()
    if group == "vulnerable" and 0 < speed_kmh < standard.pcw_below_kmh and seconds <= PERSON_S:
        return Danger(Alarm.Kind.PCW, gap_m, seconds, f"The cloud sees a {category} in the path, {gap_m:.0f} m ahead.")
    if group != "vulnerable" and speed_kmh > standard.enable_kmh and seconds <= standard.headway_s:
        return Danger(Alarm.Kind.HEADWAY, gap_m, seconds, f"The cloud sees a {category} {seconds:.1f} s ahead.")
    return None


def closest_object(uplink: Uplink) -> tuple[str, str, float] | None:
    """(category, group, metres) of the closest in-path object among the sure boxes of the frame's labelling model."""
    assert uplink.frame is not None
    frame = uplink.frame
    boxes = Box.objects.filter(frame=frame, category__isnull=False, score__gte=SURE).exclude(
        state__in=[Box.State.REJECTED, Box.State.MISSED_CANDIDATE, Box.State.DISMISSED]
    )
    rows = list(boxes.select_related("category"))
    if frame.drive.label_model_id:
        rows = [box for box in rows if box.model_version_id == frame.drive.label_model_id]
    shapes = [(box.x, box.y, box.width, box.height) for box in rows]
    names = [box.category.name for box in rows if box.category]
    groups = {box.category.name: box.category.group for box in rows if box.category}
    mount = Mount.from_json(uplink.device.camera) if uplink.device.camera else None
    camera = camera_of(mount, frame.width, frame.height)
    found = closest_in_path(shapes, names, groups, frame.width, frame.height, vanishing_row=camera.vanishing_row)  # type: ignore[arg-type]  # the groups are the choices
    if found is None:
        return None
    place = found.boxes[0]
    distance = distance_of(shapes[place], names[place], camera)
    return (names[place], groups[names[place]], distance.metres) if distance else None


def settle(waiting: QuerySet[Uplink]) -> int:
    """Of frames that came, those that have their labels are labelled, and each is judged for alarms; how many."""
    labelled = waiting.exclude(frame__state=Frame.State.NEW).select_related("device", "frame__drive")
    done = 0
    for uplink in labelled:
        judge(uplink)
        done += Uplink.objects.filter(id=uplink.id).update(state=Uplink.State.LABELLED, labelled_at=timezone.now())
    return done


def judge(uplink: Uplink) -> None:
    """Settle the verdict of the device's alarm, or raise the platform's own. Judging again changes nothing."""
    found = closest_object(uplink)
    if uplink.trigger.startswith("alarm:") or _is_of_its_alarm(uplink):
        verdict = Alarm.Verdict.CONFIRMED if found else Alarm.Verdict.DOUBTFUL
        reason = (
            f"The cloud sees a {found[0]} {found[2]:.0f} m ahead." if found else "The cloud sees nothing in the path."
        )
        ahead = Alarm.objects.filter(device=uplink.device, key=uplink.alarm_key).exclude(kind=Alarm.Kind.LDW)
        ahead.update(verdict=verdict, reason=reason)  # of lines the cloud knows nothing
        return
    danger = danger_in(uplink)
    if danger is None or uplink.alarm_key or warned(uplink.device, danger.kind, uplink.at):
        return
    Alarm.objects.get_or_create(
        key=f"{uplink.key}:platform",
        defaults={
            "device": uplink.device, "source": Alarm.Source.PLATFORM, "kind": danger.kind, "at": uplink.at,
            "gap_m": danger.gap_m, "seconds": danger.seconds, "speed_kmh": uplink.body.get("speed_kmh"),
            "verdict": Alarm.Verdict.CONFIRMED, "reason": danger.reason,
        },
    )  # fmt: skip


def warned(device: Device, kind: str, at: datetime) -> bool:
    """Whether somebody, the device or the platform, told of that danger about then: one event is one alarm."""
    near = Alarm.objects.filter(device=device, at__gte=at - SAME_EVENT, at__lte=at + SAME_EVENT)
    return near.filter(kind__in=CONCERNS.get(kind, (kind,))).exists()


def _is_of_its_alarm(uplink: Uplink) -> bool:
    """Whether this picture, asked for afterwards, shows the moment of the platform's own alarm."""
    if uplink.trigger != "clip" or not uplink.alarm_key:
        return False
    near = {"at__gte": uplink.at - SAME_MOMENT, "at__lte": uplink.at + SAME_MOMENT}
    return Alarm.objects.filter(device=uplink.device, key=uplink.alarm_key, **near).exists()
