"""What a detector can show of itself while it learns, beside its loss: the words between detectors and distillation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import torch
from torch import Tensor

from ml.train.labels import Trust

# What may be asked for. A detector that cannot show it refuses before the first step.
QUERIES: Final = "queries"  # the decoder's own queries, layer by layer: View.rows[OWN]
NECK: Final = "neck"  # feature maps before the image-text encoder (Grounding DINO), or of the pyramid (YOLOX)
MEMORY: Final = "memory"  # the same maps after the encoder
GRADIENTS: Final = "gradients"  # of each model's own detection loss with respect to its neck
Tap = Literal["queries", "neck", "memory", "gradients"]

# Groups of decoder queries. All but the first are run for distillation alone, hidden from the others.
OWN: Final = "own"  # the model's proposals, each model its own
SHARED: Final = "shared"  # the teacher's proposals, run through both decoders: row r of both is one object
TARGETS: Final = "targets"  # the labels: their boxes as reference, their categories as content, through both decoders
POINTS: Final = "points"  # fixed random references through both decoders
Group = Literal["own", "shared", "targets", "points"]
GROUPS: tuple[Group, ...] = (OWN, SHARED, TARGETS, POINTS)


@dataclass(frozen=True)
class Rows:
    """Decoder queries of one group after each of N layers, for B pictures, R rows each.

    `logits` (N, B, R, K) of the categories in the unit of the model's own head: the mean over a category's tokens. `tokens` (N, B, R, L): before that
    mean. `boxes` (N, B, R, 4) relative cxcywh. `states` (N, B, R, d). `references` (B, R, 4): where they began. `valid` (B, R): False is padding.
    """

    logits: Tensor
    tokens: Tensor
    boxes: Tensor
    states: Tensor
    references: Tensor
    valid: Tensor


@dataclass(frozen=True)
class View:
    """What one model makes of a batch of B pictures; empty is what nobody asked for. A teacher's has no gradient.

    `rows` by group. `text` (B, L, d) the encoder's text memory, `token_map` (K, L) which of its tokens are of which category, `classes` (B, K, d) their
    means. `neck` and `memory`: maps (B, C, H, W), fine to coarse. `gradients`: as `neck`. `noised` (N, B, Q_dn, d): states of
    the student's denoising queries, which only the published code's fidelity mode looks at.
    """

    rows: Mapping[Group, Rows] = field(default_factory=dict)
    text: Tensor | None = None
    token_map: Tensor | None = None
    classes: Tensor | None = None
    neck: tuple[Tensor, ...] = ()
    memory: tuple[Tensor, ...] = ()
    gradients: tuple[Tensor, ...] = ()
    noised: Tensor | None = None


@dataclass(frozen=True)
class Shape:
    """What a method needs to know of a model to build its adapters. `neck`: channels of each level; `width`: d of queries and text; `layers` of the decoder."""

    family: str
    neck: tuple[int, ...]
    width: int
    layers: int


@dataclass(frozen=True)
class Probe:
    """R queries a picture that are put beside a decoder's own. `references` (B, R, 4) relative cxcywh; `valid` (B, R).

    Their content is a category's text, by `categories` (B, R), or what the model's query table holds at `slots` (B, R).
    """

    references: Tensor
    valid: Tensor
    categories: Tensor | None = None
    slots: Tensor | None = None


@dataclass(frozen=True)
class Asked:
    """What a caller wants of one pass. `trust`: how far the loss believes the labels; wholly unless given. `progress`: the share of the run that is done."""

    taps: frozenset[Tap] = frozenset()
    probes: Mapping[Group, Probe] = field(default_factory=dict)
    trust: Sequence[Trust] | None = None
    progress: float = 0.0


NOTHING = Asked()


@dataclass(frozen=True)
class Seen:
    """The named terms of the detector's own loss, and the view that was asked for."""

    terms: dict[str, Tensor]
    view: View


def gradients_of(terms: Mapping[str, Tensor], neck: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """GRADIENTS: of the sum of a loss's terms, without a graph of their own; the terms keep theirs."""
    total = torch.stack(list(terms.values())).sum()
    return tuple(part.float().detach() for part in torch.autograd.grad(total, list(neck), retain_graph=True))
