"""A student whose forward pass is its loss: labels, and what its method takes from the teacher."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from ml.distill import probes
from ml.distill.method import SHARED, TARGETS, Labels, Method, Step
from ml.distill.registry import method_class
from ml.distill.teacher import Teacher
from ml.errors import BadRecipe
from ml.train.families import Trainee
from ml.train.observation import OWN, POINTS, Asked, Group, Probe, View
from ml.train.recipe import TrainRecipe


class Learner(nn.Module):
    """`forward(batch, progress)` gives the named terms whose sum is minimised: the detector's, and `<method>_<term>`.

    The student and the method's adapters are its parameters; the teacher is none of them.
    """

    def __init__(self, trainee: Trainee, method: Method, teacher: Teacher | None, precision: str) -> None:
        super().__init__()
        self.model, self.method = trainee.model, method
        self._trainee, self._precision = trainee, precision
        self._teacher = (teacher,)  # in a tuple, so that nn.Module does not take it for a part

    def forward(self, batch: Any, progress: float = 0.0) -> dict[str, Tensor]:
        labels: list[Labels] = batch.labels
        taps = self.method.looks(progress)
        asked = Asked(taps, trust=self.method.trust(labels, batch.names, progress), progress=progress)
        if not taps:
            return self._trainee.look(self.model, batch, self._precision, asked).terms
        teacher = self._taught(batch, labels, progress)
        groups = self.method.groups(progress)
        asked = replace(asked, probes=_probes(groups, labels, batch.pixels.device))
        if SHARED in groups:
            shared, rows = probes.of_teacher(teacher.rows[OWN])
            teacher = replace(teacher, rows={**teacher.rows, SHARED: rows})
            asked = replace(asked, probes={**asked.probes, SHARED: shared})
        seen = self._trainee.look(self.model, batch, self._precision, asked)
        own_loss = torch.stack(list(seen.terms.values())).sum()
        height, width = batch.pixels.shape[2:]
        step = Step(seen.view, teacher, labels, (height, width), progress, own_loss=own_loss)
        return {**seen.terms, **{f"{self.method.name}_{name}": term.mean() for name, term in self.method(step).items()}}

    def _taught(self, batch: Any, labels: list[Labels], progress: float) -> View:
        (teacher,) = self._teacher
        if teacher is None:
            return View()
        wanted = _probes(self.method.groups(progress), labels, batch.pixels.device)
        return teacher.view(batch, Asked(self.method.looks(progress), wanted))


def learner_of(recipe: TrainRecipe, trainee: Trainee, precision: str) -> Learner:
    """The learner of a recipe.

    Raises:
        BadRecipe: the method is unknown, lacks its teacher, or does not fit these models. BadCheckpoint: the teacher cannot be loaded.
    """
    kind = method_class(recipe.method)
    if kind.needs_teacher and not recipe.teacher:
        raise BadRecipe(f"'{kind.name}' learns from a teacher, and none is named.", field="teacher")
    teacher = Teacher.of(recipe, trainee, precision) if recipe.teacher and kind.taps else None
    shape = trainee.shape(trainee.model)
    torch.manual_seed(recipe.seed)  # adapters begin the same in the same recipe
    method = kind(kind.Args(**recipe.method_options), shape, teacher.shape if teacher else None)
    if teacher:
        method.notes += teacher.notes
    return Learner(trainee, method, teacher, precision)


def _probes(groups: frozenset[Group], labels: list[Labels], device: torch.device) -> dict[Group, Probe]:
    """Those that do not depend on the teacher."""
    found: dict[Group, Probe] = {}
    if TARGETS in groups and (probe := probes.of_labels(labels)):
        found[TARGETS] = probe
    if POINTS in groups:
        found[POINTS] = probes.of_points(len(labels), device)
    return found
