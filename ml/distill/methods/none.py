"""No distillation: the control of every comparison."""

from __future__ import annotations

from typing import ClassVar

from torch import Tensor

from ml.distill.method import Method, Step


class Nothing(Method):
    """The detector's own loss against the labels."""

    name = "none"
    title = "None (labels only)"
    description = (
        "The detector's own loss against the labels of the split: the undistilled control of every comparison."
    )
    families: ClassVar[tuple[str, ...]] = ("grounding-dino", "yolox")
    needs_teacher = False

    def forward(self, step: Step) -> dict[str, Tensor]:
        return {}
