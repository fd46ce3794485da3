"""Label the frames that stayed on a device by their neighbours that came up, then look at them as at any: scene, risk, alarms, doubt."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.db import transaction

from ml.between import Known, known, risk_of
from ml.edge.afterwards import Kept, judged
from ml.edge.mount import Mount, camera_of
from ml.schemas import CategoryGroup, Detection
from webapp.fleet.models import Device, Sighting, Uplink
from webapp.fleet.sightings import REACH, ready, sighting_filled
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.labels.shown import shown_boxes
from webapp.taxonomy.models import Category
from workers.lifecycle import JobContext, job_task

GONE = (Box.State.REJECTED, Box.State.DISMISSED, Box.State.MISSED_CANDIDATE)
SAME_FRAME_MS = 60.0  # a picture and its numbers travel apart, and each has its time corrected by its own journey


@job_task(Job.Kind.FILL_SIGHTINGS)
def fill_sightings(job: JobContext) -> dict[str, Any]:
    """Resumes by itself: what is filled does not wait any more, and what follows from it was written with it."""
    device = Device.objects.select_related("workspace").get(id=job.params["device"])
    rows = {row.name: row for row in Category.objects.filter(taxonomy__workspace=device.workspace)}
    categories = [row.value() for row in rows.values()]
    groups = {one.name: one.group for one in categories}
    mount = Mount.from_json(device.camera) if device.camera else None
    waiting = list(ready(device))
    counts = Counter(messages=len(waiting), frames=0, boxes=0, alarms=0, doubtful=0, asked=0)
    for sighting in job.track(waiting, total=len(waiting), unit="messages"):
        filled = _filled(sighting, groups)
        found = judged(_kept(sighting, filled), camera_of(mount, sighting.width, sighting.height), categories)
        with transaction.atomic():
            job.save_checkpoint({"last": sighting.id})
            counts.update(sighting_filled(sighting, [[_json(one) for one in frame] for frame in filled], found))
        counts.update(frames=len(filled), boxes=sum(map(len, filled)))
    return dict(counts)


def _filled(sighting: Sighting, groups: dict[str, CategoryGroup]) -> list[list[Known]]:
    """The frames of the message among those that came up, in order of time."""
    own = {float(frame["at_ms"]): [_detection(box) for box in frame["boxes"]] for frame in sighting.frames}
    answers = {_snapped(time_ms, own): found for time_ms, found in _answers(sighting).items()}
    times = sorted({*own, *answers})
    places = {place: answers[time_ms] for place, time_ms in enumerate(times) if time_ms in answers}
    found = known(times, [own.get(one, []) for one in times], places, groups, reach_ms=REACH.total_seconds() * 1000)
    by_time = dict(zip(times, found, strict=True))
    return [by_time[float(frame["at_ms"])] for frame in sighting.frames]


def _kept(sighting: Sighting, filled: list[list[Known]]) -> list[Kept]:
    return [
        Kept(float(frame["at_ms"]), boxes, frame.get("speed_kmh"), frame.get("scene", ()))
        for frame, boxes in zip(sighting.frames, filled, strict=True)
    ]


def _answers(sighting: Sighting) -> dict[float, list[Detection]]:
    """Our time, ms -> the labels of a frame that came up, in the pixels of the sighting; what a person made of them counts."""
    near = Uplink.objects.filter(
        device=sighting.device_id, state=Uplink.State.LABELLED, frame__isnull=False,
        at__gte=sighting.at - REACH, at__lte=sighting.ends_at + REACH,
    ).select_related("frame")  # fmt: skip
    uplinks = {uplink.frame_id: uplink for uplink in near}
    found: dict[float, list[Detection]] = {_time_of(uplink): [] for uplink in uplinks.values()}
    sure = shown_boxes().filter(frame__in=uplinks, category__isnull=False).exclude(state__in=GONE)
    for box in sure.select_related("category", "frame"):
        assert box.category
        across, down = sighting.width / box.frame.width, sighting.height / box.frame.height
        shape = (box.x * across, box.y * down, box.width * across, box.height * down)
        score = box.score if box.state in Box.OPEN_STATES and box.score is not None else 1.0
        found[_time_of(uplinks[box.frame_id])].append(Detection(shape, box.category.name, score))
    return found


def _time_of(uplink: Uplink) -> float:
    return round(uplink.at.timestamp() * 1000, 1)


def _snapped(time_ms: float, own: Collection[float]) -> float:
    nearest = min(own, key=lambda one: abs(one - time_ms))
    return nearest if abs(nearest - time_ms) <= SAME_FRAME_MS else time_ms


def _detection(box: list[Any]) -> Detection:
    category, score, x, y, width, height = box
    return Detection((x, y, width, height), category, score)


def _json(one: Known) -> dict[str, Any]:
    found = one.detection
    return {
        "category": found.category,
        "score": round(found.score, 4),
        "box": [round(value, 1) for value in found.box_xywh],
        "origin": one.origin,
        "risk": round(risk_of(one), 4),
    }
