"""The queries that teacher and student are both asked about: one object a row, whatever each model's own queries are (distillation.md 1.4)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from ml.train.labels import Labels
from ml.train.observation import Probe, Rows

POINTS_SEED, POINTS = 20_221_106, 100  # KD-DETR: 10 to 300 help, 900 hurt; no more than a small student has queries
LIKELY, BESIDE = 100, 100  # of the teacher's proposals: its surest, and others at random


def of_labels(labels: Sequence[Labels]) -> Probe | None:
    """Strategy B: labels as boxes with their categories; None where no picture has any."""
    if not any(len(each.labels) for each in labels):
        return None
    boxes = pad_sequence([each.boxes for each in labels], batch_first=True, padding_value=0.5)
    categories = pad_sequence([each.labels for each in labels], batch_first=True)
    counts = torch.tensor([len(each.labels) for each in labels], device=boxes.device)
    valid = torch.arange(boxes.shape[1], device=boxes.device) < counts[:, None]
    return Probe(boxes, valid, categories=categories)


def of_points(pictures: int, device: torch.device) -> Probe:
    """Strategy C: references all over the picture, the same at every step."""
    draw = torch.Generator().manual_seed(POINTS_SEED)
    centres = torch.rand(POINTS, 2, generator=draw)
    sides = 0.02 + 0.3 * torch.rand(POINTS, 2, generator=draw) ** 2  # more small ones, as in traffic
    references = torch.cat([centres, sides], 1).to(device).expand(pictures, -1, -1)
    slots = torch.arange(POINTS, device=device).expand(pictures, -1)
    return Probe(references, torch.ones_like(slots, dtype=torch.bool), slots=slots)


def of_teacher(own: Rows) -> tuple[Probe, Rows]:
    """Strategy A: the teacher's proposals for the student, and the teacher's own rows for the same slots. Draws from torch's generator."""
    places = _chosen(own)
    rows = _gathered(own, places)
    return Probe(rows.references, rows.valid, slots=places), rows


def _chosen(own: Rows) -> Tensor:
    """(B, R) places: all queries where they are few."""
    pictures, count = own.valid.shape
    if count <= LIKELY + BESIDE:
        return torch.arange(count, device=own.valid.device).expand(pictures, -1)
    sureness = own.logits[-1].amax(-1).masked_fill(~own.valid, -torch.inf)
    order = sureness.argsort(1, descending=True)
    rest = order[:, LIKELY:]
    drawn = torch.stack([row[torch.randperm(len(row), device=row.device)[:BESIDE]] for row in rest])
    return torch.cat([order[:, :LIKELY], drawn], 1)


def _gathered(own: Rows, places: Tensor) -> Rows:
    def layers(part: Tensor) -> Tensor:
        return part.gather(2, places[None, :, :, None].expand(len(part), -1, -1, part.shape[-1]))

    return Rows(
        logits=layers(own.logits),
        tokens=layers(own.tokens),
        boxes=layers(own.boxes),
        states=layers(own.states),
        references=own.references.gather(1, places[..., None].expand(-1, -1, 4)),
        valid=own.valid.gather(1, places),
    )
