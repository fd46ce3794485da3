"""CLD as its published code computes it, flaws and all: what a claimed figure has to be reproduced with (distillation.md 1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor

from ml.distill.method import OWN, QUERIES, Method, Step, Tap
from ml.errors import BadRecipe
from ml.train.recipe import knob


@dataclass(frozen=True)
class Args:
    """As published."""

    official_weight: float = knob(
        1.0, "CLD, official code", "Of each stage; the sums in it make it large.", minimum=0, maximum=1000
    )


class OfficialCLD(Method):
    """Layer i of all pictures against the text of picture i alone, for i below the batch size; queries of denoising included, pooled to the teacher's number."""

    name = "cld_official"
    title = "CLD, official code (fidelity)"
    paper = "MMKD, released code 657be51"
    description = (
        "The released code bit for bit, to reproduce its figures: layers beyond the batch size learn nothing, pictures meet each other's text, and "
        "denoising queries are averaged in. For anything else use CLD."
    )
    refused: ClassVar[dict[str, str]] = {"yolox": "It compares decoder queries with text, and YOLOX has neither."}
    taps: ClassVar[frozenset[Tap]] = frozenset({QUERIES})
    heeds_trust = False  # bit for bit
    Args = Args

    def forward(self, step: Step) -> dict[str, Tensor]:
        student, teacher = step.student, step.teacher
        assert student.text is not None
        assert teacher.text is not None
        states = student.rows[OWN].states
        if student.noised is not None:  # the published detector puts them first
            states = torch.cat([student.noised, states], 2)
        theirs = teacher.rows[OWN].states
        pictures = len(student.text)
        if pictures > min(len(states), len(theirs)):
            layers = min(len(states), len(theirs))
            raise BadRecipe(
                f"The published CLD takes picture {pictures} for decoder layer {pictures}, and there are {layers}.",
                field="batch",
                hint=f"Use a batch of at most {layers}, or the method cld.",
            )
        terms = {}
        for number in range(pictures):
            ours = states[number] @ student.text[number].T
            wanted = (theirs[number] @ teacher.text[number].T).detach()
            value = stage(ours, wanted, pictures)
            terms[f"stage{number}"] = self.args.official_weight * value.expand(pictures)
        return terms


def stage(student: Tensor, teacher: Tensor, pictures: int) -> Tensor:
    """Half of both directions: (B, Q', L) of the student against (B, Q, L) of the teacher, each softmax along axis 1, summed, over B alone."""
    queries = teacher.shape[1]
    pooled = F.adaptive_avg_pool1d(student.transpose(1, 2), queries).transpose(1, 2)
    forth = F.kl_div(pooled.log_softmax(1), teacher.softmax(1), reduction="sum")
    back = F.kl_div(pooled.transpose(1, 2).log_softmax(1), teacher.transpose(1, 2).softmax(1), reduction="sum")
    return (forth + back) / (2 * pictures)
