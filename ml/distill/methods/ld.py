"""LD, localisation distillation: for detectors that answer with a distribution over each edge of a box."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor

from ml.distill.method import Method, Shape
from ml.errors import BadRecipe

NO_BINS = (
    "It compares distributions over the place of each box edge (a DFL head), and {} answers with one number an edge."
)


class Localisation(Method):
    """distillation.md 7.4. It serves none of this installation's detectors, and is listed so that nobody has to wonder."""

    name = "ld"
    title = "LD (localisation distillation)"
    paper = "Zheng et al., CVPR 2022, arXiv 2102.12252"
    description = (
        "The student learns how sure the teacher is of each edge of a box. Needs detectors that answer with a distribution for every edge, as GFL "
        "does; none of those here has such a head."
    )
    families: ClassVar[tuple[str, ...]] = ()
    refused: ClassVar[Mapping[str, str]] = {
        "grounding-dino": NO_BINS.format("Grounding DINO"),
        "yolox": NO_BINS.format("YOLOX"),
    }

    def __init__(self, args: Any, student: Shape, teacher: Shape | None) -> None:
        """Raises: BadRecipe, always."""
        why = self.refused.get(student.family, NO_BINS.format(student.family))
        raise BadRecipe(f"'ld' cannot train '{student.family}': {why}", field="method")


def edge_divergence(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """KL divergence of the student's distribution of each edge from the teacher's, times temperature ** 2, averaged over bins.

    Args:
        student, teacher: (..., bins) logits.
    Returns: (...,); 0 when they agree.
    Source: Zheng et al., CVPR 2022, arXiv 2102.12252; the mean over bins is the published code's, where a divergence is the sum.
    """
    log_q, log_p = ((part / temperature).log_softmax(-1) for part in (student, teacher))
    return (log_p.exp() * (log_p - log_q)).mean(-1) * temperature**2
