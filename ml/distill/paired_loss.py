"""Paired query rows made alike: category probabilities and boxes, weighted by how sure the teacher is of an object.

The loss of KD-DETR and of CLoCKDistill. The published codes compare softmaxes over the categories, which says nothing of how sure a detector with
sigmoid heads is, so each category is a distribution of its own here; their form is an option.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from ml.distill.layers import paired_layers
from ml.distill.method import Rows
from ml.models.grounding_dino.boxes import generalised_iou, to_xyxy
from ml.train.recipe import knob


@dataclass(frozen=True)
class PairedKnobs:
    """Options of every method that compares paired rows."""

    class_weight: float = knob(
        1.0, "Distillation", "Of the divergence between class probabilities.", minimum=0, maximum=1e4
    )
    l1_weight: float = knob(
        5.0,
        "Distillation",
        "Of the L1 distance between boxes, a mean over their four numbers.",
        minimum=0,
        maximum=1e4,
    )
    giou_weight: float = knob(2.0, "Distillation", "Of 1 - GIoU between boxes.", minimum=0, maximum=1e4)
    temperature: float = knob(
        10.0,
        "Distillation",
        "Class logits are divided by it; larger compares logits more than probabilities.",
        minimum=0.1,
        maximum=100,
    )
    class_form: str = knob(
        "sigmoid",
        "Distillation",
        "'sigmoid' compares each category on its own, as the detector's head does; 'softmax', of the published code, ignores how sure both are.",
        choices=("sigmoid", "softmax"),
    )
    class_sum: bool = knob(
        False, "Distillation", "Sum the class term over queries, as the published code, instead of averaging it."
    )
    teacher_layer: str = knob(
        "same",
        "Distillation",
        "What each decoder layer learns from: the teacher's layer of 'same' depth, or always its 'last', as the published code of KD-DETR.",
        choices=("same", "last"),
    )


def paired_loss(student: Rows, teacher: Rows, knobs: PairedKnobs, trust: Tensor) -> dict[str, Tensor]:
    """`class`, `l1` and `giou`, weighted, (B,) each: summed over the student's layers, averaged over rows by the teacher's foreground score.

    Args:
        student, teacher: row r of both is one query; layers may differ in number. Rows that are padding in either count for nothing.
        trust: (B, R) multipliers.
    Source: KD-DETR, arXiv 2211.08071; distillation.md 5.2 and 7.1.
    """
    last = len(teacher.logits) - 1
    theirs = paired_layers(len(student.logits), len(teacher.logits))
    opposites = theirs if knobs.teacher_layer == "same" else [last] * len(theirs)
    layers = [_layer_loss(student, layer, teacher, theirs, knobs, trust) for layer, theirs in enumerate(opposites)]
    return {name: torch.stack([each[name] for each in layers]).sum(0) for name in layers[0]}


def foreground(logits: Tensor) -> Tensor:
    """(..., K) to (...): the highest category probability."""
    return logits.float().sigmoid().amax(-1)


def sigmoid_divergence(student_logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> Tensor:
    """KL(teacher || student) of each category's yes or no, times temperature ** 2, in nats: (..., K).

    It is the soft-label BCE minus the teacher's entropy, so that it is 0 where they agree; the gradient is that of the BCE.
    """
    z_s, z_t = student_logits.float() / temperature, teacher_logits.float() / temperature
    wanted = z_t.sigmoid()
    entropy = F.binary_cross_entropy_with_logits(z_t, wanted, reduction="none")
    return (F.binary_cross_entropy_with_logits(z_s, wanted, reduction="none") - entropy) * temperature**2


def softmax_divergence(student_logits: Tensor, teacher_logits: Tensor, temperature: float = 1.0) -> Tensor:
    """The parts of KL(teacher || student) of softmaxes over categories, times temperature ** 2, in nats: (..., K)."""
    log_s, log_t = ((z.float() / temperature).log_softmax(-1) for z in (student_logits, teacher_logits))
    return F.kl_div(log_s, log_t, reduction="none", log_target=True) * temperature**2


def box_distances(student_cxcywh: Tensor, teacher_cxcywh: Tensor) -> tuple[Tensor, Tensor]:
    """L1 over the four numbers, and 1 - GIoU; (..., 4) to (...) both."""
    student, teacher = student_cxcywh.float(), teacher_cxcywh.float()
    return (student - teacher).abs().sum(-1), 1 - generalised_iou(to_xyxy(student), to_xyxy(teacher))


def _layer_loss(
    student: Rows, layer: int, teacher: Rows, opposite: int, knobs: PairedKnobs, trust: Tensor
) -> dict[str, Tensor]:
    divergence = sigmoid_divergence if knobs.class_form == "sigmoid" else softmax_divergence
    classes = divergence(student.logits[layer], teacher.logits[opposite], knobs.temperature).mean(-1)
    l1, giou = box_distances(student.boxes[layer], teacher.boxes[opposite])
    weight = foreground(teacher.logits[opposite]) * (student.valid & teacher.valid)
    # Trust stays out of the sum: a picture that is believed half must count half.
    total = weight.sum(1).clamp(min=1e-6)
    believed = weight * trust
    return {
        "class": knobs.class_weight * (believed * classes).sum(1) / (1 if knobs.class_sum else total),
        "l1": knobs.l1_weight * (believed * l1 / 4).sum(1) / total,
        "giou": knobs.giou_weight * (believed * giou).sum(1) / total,
    }
