"""What audits found about a model's labels: right or wrong, beside all that was known before."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from ml.boxes import iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH
from webapp.accounts.models import Workspace
from webapp.labels.models import Box, BoxEvent

SAME_IOU = 0.5
DECIDED = (Box.State.ACCEPTED, Box.State.EDITED, Box.State.REJECTED)
CHUNK = 2000
KNOWN = (
    *("id", "frame_id", "frame__drive_id", "frame__clip_id", "frame__index", "frame__width", "frame__height"),
    *("model_version_id", "state", "score", "probs", "risk", "severity", "signals", "cipo"),
    *("category_id", "category__name", "category__group", "x", "y", "width", "height"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A label as the model gave it, and whether its audit found it wrong. `known` are its columns, box and category those of the model."""

    known: dict[str, Any]
    box_xywh: BoxXYWH
    wrong: bool

    @property
    def signals(self) -> dict[str, float]:
        """Those that told of the label's risk, as they stood when it was audited."""
        return {signal["name"]: signal["value"] for signal in self.known["signals"]}


def audited_boxes(workspace: Workspace) -> QuerySet[Box]:
    """Boxes of models that a person has decided about; what a certificate accepted is none."""
    decided = Box.objects.filter(
        frame__workspace=workspace, source=Box.Source.PSEUDO, state__in=DECIDED, model_version__isnull=False
    )
    return decided.exclude(state=Box.State.ACCEPTED, certificate__isnull=False)


def outcomes(boxes: QuerySet[Box]) -> Iterator[Outcome]:
    """Of each label among `boxes`; accepted candidates of missed objects are no labels and are left out.

    A label is wrong when it was rejected, or edited to another category or to a box that it overlaps by less than IoU 0.5. A smaller
    correction is none of an error.
    """
    waiting = boxes.values(*KNOWN).iterator(chunk_size=CHUNK)
    while rows := list(islice(waiting, CHUNK)):
        proposals = _proposals([row["id"] for row in rows])
        for row in rows:
            proposed = proposals.get(row["id"])
            if proposed and proposed["state"] == Box.State.PENDING:
                yield _outcome(row, proposed)


def _proposals(ids: list[int]) -> dict[int, dict[str, Any]]:
    """By box what the model said."""
    events = BoxEvent.objects.filter(box__in=ids, kind=BoxEvent.Kind.PROPOSED)
    return {box: after for box, after in events.order_by("id").values_list("box_id", "after") if box and after}


def _outcome(row: dict[str, Any], proposed: dict[str, Any]) -> Outcome:
    box = (proposed["x"], proposed["y"], proposed["width"], proposed["height"])
    wrong = row["state"] == Box.State.REJECTED
    if row["state"] == Box.State.EDITED:
        now = (row["x"], row["y"], row["width"], row["height"])
        same_place = iou_matrix(xywh_to_xyxy([box]), xywh_to_xyxy([now]))[0, 0] >= SAME_IOU
        wrong = proposed["category"] != row["category_id"] or not same_place
    return Outcome(row, box, wrong)
