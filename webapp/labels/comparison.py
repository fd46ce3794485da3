"""Two labellings of one frame set against each other: two models, two people, or either and an imported truth. Reads only.

A labelling is read from the history, so it is what its source said, whatever became of the box since: a model's labels as it proposed them,
an import's as they came, a person's as they last left the boxes that they touched.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q, QuerySet

from ml.boxes import iou_matrix, xywh_to_xyxy
from webapp.accounts.models import User
from webapp.accounts.rights import AUDIT_REVIEW, has_right
from webapp.blind.desk import seen_by, trial_of
from webapp.core.errors import DomainError
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

MATCH_IOU = 0.5  # from here on two boxes are of one object, as in the evaluation of detectors
SHAPE = ("x", "y", "width", "height")
KEPT_STATES = (Box.State.ACCEPTED, Box.State.EDITED)
Label = dict[str, Any]


@dataclass
class Source:
    """Who labelled the frame. `key` is `model:<id>`, `person:<id>` or `imported`."""

    key: str
    kind: str
    name: str
    labels: list[Label]

    def on_wire(self) -> dict[str, Any]:
        return {"key": self.key, "kind": self.kind, "name": self.name, "count": len(self.labels)}


def label_sources(frame: Frame, user: User) -> list[Source]:
    """Everybody who labelled the frame, models first. Other people's labels are for who may review: a second opinion is to stay one."""
    all_people = has_right(user, frame.workspace, AUDIT_REVIEW)
    found: dict[str, Source] = {}
    said: dict[tuple[str, int], Label] = {}
    for event in _history(frame, user):
        source = _source(event)
        if source is None or (source.kind == "person" and not all_people and event.actor_id != user.id):
            continue
        found.setdefault(source.key, source)
        # The last word of each source on each box.
        said[source.key, event.box_id or 0] = {**(event.after or {}), **_identity(event)}
    for (key, _), label in said.items():
        if _is_label(found[key].kind, label):
            found[key].labels.append(label)
    return sorted(found.values(), key=lambda source: ("model imported person".index(source.kind), source.name))


def _history(frame: Frame, user: User) -> QuerySet[BoxEvent]:
    """Of a blind trial its own, and beside it what other models and imports said: as of any frame that waits."""
    trial = trial_of(seen_by(user, frame))
    seen = Q(trial=trial)
    if trial is not None:
        label_model = Q(box__model_version=frame.drive.label_model_id)
        seen |= Q(trial__isnull=True, actor__isnull=True) & ~label_model
    events = BoxEvent.rows.filter(seen, frame=frame, box__isnull=False)
    return events.order_by("id").select_related("box__model_version", "actor")


def comparison(frame: Frame, user: User, *, a: str, b: str) -> dict[str, Any]:
    """Both sources and their labels in pairs, from the left of the frame to its right.

    Raises:
        DomainError `unknown_source`: nobody of that key labelled the frame, as far as this person may see.
    """
    sources = {source.key: source for source in label_sources(frame, user)}
    for field, key in (("a", a), ("b", b)):
        if key not in sources:
            known = ", ".join(sources) or "none"
            raise DomainError(
                "unknown_source", f"'{key}' did not label this frame.", fields={field: f"Known: {known}."}
            )
    pairs = paired(sources[a].labels, sources[b].labels)
    counts = {outcome: sum(pair["outcome"] == outcome for pair in pairs) for outcome in OUTCOMES}
    return {"a": sources[a].on_wire(), "b": sources[b].on_wire(), "counts": counts, "pairs": pairs}


OUTCOMES = ("agree", "other_category", "only_a", "only_b")


def paired(a: list[Label], b: list[Label]) -> list[dict[str, Any]]:
    """Each label once, with its counterpart at IoU 0.5 where it has one.

    Greedy: pairs of one category go before pairs of two, and among those the larger overlap.
    """
    overlaps = iou_matrix(_corners(a), _corners(b))
    near = [(int(i), int(j)) for i, j in np.argwhere(overlaps >= MATCH_IOU)]
    near.sort(key=lambda pair: (a[pair[0]]["category"] != b[pair[1]]["category"], -overlaps[pair]))
    partner_of_a: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in near:
        if i not in partner_of_a and j not in taken:
            partner_of_a[i] = j
            taken.add(j)
    pairs = [
        _pair(label, b[partner_of_a[i]], float(overlaps[i, partner_of_a[i]]))
        if i in partner_of_a
        else _pair(label, None)
        for i, label in enumerate(a)
    ]
    pairs += [_pair(None, label) for j, label in enumerate(b) if j not in taken]
    return sorted(pairs, key=lambda pair: (pair["a"] or pair["b"])["x"])


def _pair(a: Label | None, b: Label | None, iou: float | None = None) -> dict[str, Any]:
    if a is None or b is None:
        outcome = "only_b" if a is None else "only_a"
    else:
        outcome = "agree" if a["category"] == b["category"] else "other_category"
    return {"outcome": outcome, "iou": iou, "a": a, "b": b}


def _source(event: BoxEvent) -> Source | None:
    box = event.box
    if event.kind == BoxEvent.Kind.PROPOSED and box is not None and box.model_version is not None:
        return Source(f"model:{box.model_version_id}", "model", box.model_version.name, [])
    if event.kind == BoxEvent.Kind.IMPORTED:
        return Source("imported", "imported", "", [])
    if event.actor is not None:
        return Source(f"person:{event.actor_id}", "person", str(event.actor), [])
    return None


def _identity(event: BoxEvent) -> Label:
    box = event.box
    return {"box": str(box.client_id) if box else None, "score": box.score if box else None}


def _is_label(kind: str, label: Label) -> bool:
    """A model's candidates for missed objects are none, nor is what a person rejected or put back to undecided."""
    if kind == "person":
        return label.get("state") in KEPT_STATES
    return label.get("state") != Box.State.MISSED_CANDIDATE


def _corners(labels: list[Label]) -> Any:
    return xywh_to_xyxy(np.array([[label[name] for name in SHAPE] for label in labels]).reshape(-1, 4))
