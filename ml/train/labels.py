"""What is known of the boxes of a picture, and how far a loss believes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

import torch
from torch import Tensor

from ml.data.transforms import Sample


@dataclass(frozen=True)
class Labels:
    """What is known of one picture: N boxes, with what each is worth.

    `labels` (N,) category rows; `boxes` (N, 4) relative cxcywh; `risk` (N,) the probability that the label is wrong, 0 for audited ones; `severity`
    (N,) from 1 up; `score` (N,) of whoever found it, 1 for a person.
    """

    labels: Tensor
    boxes: Tensor
    risk: Tensor
    severity: Tensor
    score: Tensor

    def to(self, device: torch.device) -> Self:
        """The same on a device."""
        return type(self)(*(getattr(self, part.name).to(device) for part in fields(self)))

    def kept(self, which: Tensor) -> Self:
        """Some of them, by place."""
        return type(self)(*(getattr(self, part.name)[which] for part in fields(self)))


def labels_of(sample: Sample, rows: Mapping[str, int]) -> Labels:
    """Those of a picture whose categories have a row, in their order."""
    kept = [place for place, name in enumerate(sample.names) if name in rows]
    boxes = torch.from_numpy(sample.boxes_xywh[kept])
    size = torch.tensor([sample.image.shape[1], sample.image.shape[0]])
    relative = torch.cat([(boxes[:, :2] + boxes[:, 2:] / 2) / size, boxes[:, 2:] / size], 1)
    worth = (torch.from_numpy(part[kept]) for part in (sample.risk, sample.severity, sample.score))
    return Labels(torch.tensor([rows[sample.names[place]] for place in kept], dtype=torch.long), relative, *worth)


@dataclass(frozen=True)
class Trust:
    """How far the detector's own loss believes the labels of one picture: N kept ones, in their order, and M regions that say nothing.

    `kept` (N,) places in `Labels`. `weight` (N,) on class terms, `box_weight` (N,) on box terms. `wanted` (N, K) the class target, one-hot or soft.
    `objectness` (N,) its target, for detectors that have one. `ignored` (M, 4) relative cxcywh: queries or anchors there (IoU > 0.5) that
    no kept label took are neither positive nor negative.
    """

    kept: Tensor
    weight: Tensor
    box_weight: Tensor
    wanted: Tensor
    objectness: Tensor
    ignored: Tensor

    @property
    def certain(self) -> Tensor:
        """(N,) bool: kept labels whose class target is hard."""
        return self.wanted.amax(1) == 1 if len(self.wanted) else self.kept.bool()


def whole_trust(labels: Sequence[Labels], categories: int) -> list[Trust]:
    """Every label wholly."""
    return [_whole(each, categories) for each in labels]


def _whole(labels: Labels, categories: int) -> Trust:
    ones = torch.ones_like(labels.risk)
    everything = torch.arange(len(labels.labels), device=ones.device)
    wanted = torch.nn.functional.one_hot(labels.labels, categories).to(ones.dtype)
    return Trust(everything, ones, ones, wanted, ones, labels.boxes.new_zeros(0, 4))
