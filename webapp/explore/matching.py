"""The frames and labels that a question takes, as querysets: one meaning for the gallery, slices, the queue, versions and evaluations.

Frames in whose place the asker sees a blind trial are never among them: their state, risk and labels would tell (docs/decisions/008).
"""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from webapp.accounts.models import User, Workspace
from webapp.blind.models import BlindTrial
from webapp.explore.asked import CROPS, FRAMES, Asked
from webapp.footage.light import by_light
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box
from webapp.labels.shown import shown_boxes

DRIVE_WORDS = ("name", "place", "vehicle", "camera")
NAMED = 1000  # frames of a rare word; those of a common one are met soon by reading


def frames_matching(workspace: Workspace, asked: Asked, user: User | None = None) -> QuerySet[Frame]:
    """The frames themselves, or those in which a label of the question is."""
    frames = narrowed(Frame.objects.filter(workspace=workspace), workspace, asked)
    return frames if user is None else frames.exclude(id__in=BlindTrial.frames_of(user))


def narrowed(frames: QuerySet[Frame], workspace: Workspace, asked: Asked) -> QuerySet[Frame]:
    """Those of these frames that the question takes."""
    frames = frames.filter(of_frame(workspace, asked))
    if asked.kind == FRAMES:
        frames = _between(frames, "risk", *asked.range_of("risk"))
    if asked.of_labels or asked.kind == CROPS:
        frames = frames.filter(Exists(_labels(asked).filter(frame=OuterRef("pk"))))
    return frames


def boxes_matching(workspace: Workspace, asked: Asked, user: User | None = None) -> QuerySet[Box]:
    """Labels with a category; regions to ignore are no crops."""
    boxes = _labels(asked).filter(of_frame(workspace, asked, "frame__"), frame__workspace=workspace)
    return boxes if user is None else boxes.exclude(frame__in=BlindTrial.frames_of(user))


def of_frame(workspace: Workspace, asked: Asked, at: str = "") -> Q:
    """What the question says about the frame and its drive. Drives are few: they are looked up first, so that the rest reads by index."""
    said = Q()
    if asked.drive is not None:
        said &= Q(**{f"{at}drive": asked.drive})
    if asked.state is not None:
        said &= Q(**{f"{at}state": asked.state})
    drives = Drive.objects.filter(workspace=workspace)
    if asked.hour_min is not None or asked.hour_max is not None:
        said &= Q(**{f"{at}drive__in": _ids(drives.filter(_hours(asked.hour_min, asked.hour_max)))})
    if asked.scene:
        of_drive = _ids(drives.filter(Q(time_of_day=asked.scene) | Q(weather=asked.scene)))
        told = Q(**{f"{at}scene__time_of_day": asked.scene}) | Q(**{f"{at}scene__weather": asked.scene})
        said &= Q(**{f"{at}drive__in": of_drive}) | told
    if asked.light is not None:
        said &= by_light(asked.light, at)
    for word in asked.text.split():
        said &= _worded(workspace, word, at)
    return said


def _worded(workspace: Workspace, word: str, at: str) -> Q:
    """A word of the drive or of the frame's name. A rare one's frames are looked up first too: a page of labels would read all of them to find none."""
    fields = [Q(**{f"{field}__icontains": word}) for field in DRIVE_WORDS]
    of_drive = _ids(Drive.objects.filter(reduce(or_, fields), workspace=workspace))
    frames = Frame.objects.filter(workspace=workspace, name__icontains=word)
    few = list(frames.values_list("id", flat=True)[: NAMED + 1])
    named = Q(**{f"{at}name__icontains": word}) if len(few) > NAMED else Q(**{f"{at}id__in": few})
    return Q(**{f"{at}drive__in": of_drive}) | named if of_drive else named


def boxes_of_frames(frame_ids: Collection[int], asked: Asked) -> QuerySet[Box]:
    """The question's labels in these frames, read without a look at them: whether the desk shows one is left to `is_shown`.

    With the frames' table joined, PostgreSQL reads all of it as soon as a few hundred frames are asked for.
    """
    boxes = Box.objects.filter(frame__in=frame_ids)
    return _said(boxes if asked.model is None else boxes.filter(model_version=asked.model), asked)


def _labels(asked: Asked) -> QuerySet[Box]:
    """What the question says about labels; without a model, those that the desk shows."""
    return _said(shown_boxes() if asked.model is None else Box.objects.filter(model_version=asked.model), asked)


def _said(boxes: QuerySet[Box], asked: Asked) -> QuerySet[Box]:
    boxes = boxes.filter(category__isnull=False)
    if asked.category is not None:
        boxes = boxes.filter(category=asked.category)
    if asked.box_state is not None:
        boxes = boxes.filter(state=asked.box_state)
    if asked.kind == CROPS:
        boxes = _between(boxes, "risk", *asked.range_of("risk"))
    boxes = _between(boxes, "score", *asked.range_of("score"))
    side = asked.range_of("side")
    if side != (None, None):
        boxes = boxes.annotate(area=F("width") * F("height"))
        boxes = _between(boxes, "area", *(None if limit is None else limit**2 for limit in side))
    return boxes


def _between(rows: QuerySet[Any], name: str, low: float | None, high: float | None) -> QuerySet[Any]:
    limits = {f"{name}__gte": low, f"{name}__lte": high}
    return rows.filter(**{name: value for name, value in limits.items() if value is not None})


def _hours(low: int | None, high: int | None) -> Q:
    """From the beginning of the one to the end of the other."""
    after, before = Q(captured_at__hour__gte=low or 0), Q(captured_at__hour__lte=23 if high is None else high)
    over_midnight = low is not None and high is not None and low > high
    return after | before if over_midnight else after & before


def _ids(drives: QuerySet[Drive]) -> list[int]:
    return list(drives.values_list("id", flat=True))
