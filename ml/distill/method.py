"""The contract of every distillation method: what it sees of student and teacher, and what it gives.

A method is one file in `methods/`, found by presence. It declares its knobs, the detectors that it serves and what it has to see; the trainer
shows it exactly that, and adds the terms that it gives to the detector's own loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from torch import Tensor, nn

from ml.train.recipe import MethodSpec, options_of

# What a method may ask to see. A detector that cannot show it is refused before the first step.
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

AtTeacher = Literal["zero", "zero at first", "not zero"]


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

    rows: Mapping[str, Rows] = field(default_factory=dict)
    text: Tensor | None = None
    token_map: Tensor | None = None
    classes: Tensor | None = None
    neck: tuple[Tensor, ...] = ()
    memory: tuple[Tensor, ...] = ()
    gradients: tuple[Tensor, ...] = ()
    noised: Tensor | None = None


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


@dataclass(frozen=True)
class Step:
    """One training step as a method sees it.

    `labels` of each picture; `size` (H, W) of the input in px, padding included; `valid`: per level (B, H, W), False where the input is padding, empty when nothing
    is. `progress` in [0, 1): share of the run that is done. `label_trust` and `image_trust`: multipliers that another method (AID) puts on
    instances, one (N,) a picture for its labels and (B,) for everything else; see trust.py. `own_loss`: the student's detection loss, with gradient.
    """

    student: View
    teacher: View
    labels: Sequence[Labels]
    size: tuple[int, int]
    progress: float = 0.0
    valid: tuple[Tensor, ...] = ()
    label_trust: Sequence[Tensor] = ()
    image_trust: Tensor | None = None
    own_loss: Tensor | None = None


@dataclass(frozen=True)
class Shape:
    """What a method needs to know of a model to build its adapters. `neck`: channels of each level; `width`: d of queries and text; `layers` of the decoder."""

    family: str
    neck: tuple[int, ...]
    width: int
    layers: int


@dataclass(frozen=True)
class NoArgs:
    """A method without knobs of its own."""


class Method(nn.Module):
    """Base of all methods. Its parameters (adapters) are trained with the student and thrown away with the run."""

    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str] = ""
    description: ClassVar[str]
    families: ClassVar[tuple[str, ...]] = ("grounding-dino",)
    refused: ClassVar[Mapping[str, str]] = {}  # family -> why it cannot be served
    taps: ClassVar[frozenset[Tap]] = frozenset()
    at_teacher: ClassVar[AtTeacher] = "zero"  # the loss of a student that equals its teacher
    needs_teacher: ClassVar[bool] = True
    Args: ClassVar[type] = NoArgs

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        super().__init__()
        self.args, self.student, self.teacher = args, student, teacher
        self.watched: dict[str, Tensor] = {}  # values worth a histogram, by name; replaced at every step

    @classmethod
    def spec(cls) -> MethodSpec:
        """For forms: the knobs of every run, then this method's own."""
        return MethodSpec(
            cls.name,
            cls.title,
            cls.description,
            cls.families,
            options_of(cls.Args),
            needs_teacher=cls.needs_teacher,
            refused=dict(cls.refused),
            paper=cls.paper,
        )

    def groups(self, progress: float) -> frozenset[Group]:
        """Which groups of queries it wants at this point of the run, beside OWN, which QUERIES gives."""
        return frozenset()

    def looks(self, progress: float) -> frozenset[Tap]:
        """What it wants to see at this point of the run; empty: no teacher pass."""
        return self.taps

    def trust(self, labels: Sequence[Labels], categories: int, progress: float) -> list[Trust] | None:
        """How the detector's own loss shall believe the labels; None: all of them, wholly."""
        return None

    def forward(self, step: Step) -> dict[str, Tensor]:
        """Named terms, weighted, (B,) each: one value a picture, so that duplicating a batch changes nothing.

        Gradient in the student alone; finite for pictures without labels.
        """
        raise NotImplementedError
