"""LD's golden numbers (distillation.md 7.4), and that nobody can launch it."""

import pytest
import torch

from ml.distill.methods.ld import Localisation, edge_divergence
from ml.distill.registry import specs
from ml.errors import BadRecipe
from ml.train.families import MODULES
from ml.train.recipe import recipe_of
from tests.ml.distill import made

TEACHER, STUDENT = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([3.0, 2.0, 1.0])


def test_golden():
    assert edge_divergence(STUDENT, TEACHER, 10.0).item() == pytest.approx(0.443701, abs=1e-6)
    assert edge_divergence(STUDENT, TEACHER, 10.0).item() * 3 == pytest.approx(1.331103, abs=1e-6)


def test_a_shift_of_an_edges_logits_does_not_matter():
    edges = torch.tensor([[4.0], [-7.0]])
    shifted = edge_divergence(STUDENT + edges, TEACHER - edges, 10.0)
    assert shifted.tolist() == pytest.approx([0.443701] * 2, abs=1e-5)
    assert edge_divergence(TEACHER + 1, TEACHER, 10.0).item() == pytest.approx(0, abs=1e-6)


def test_it_is_published_with_a_reason_for_every_detector():
    [spec] = [spec for spec in specs() if spec.name == "ld"]
    assert spec.families == ()
    assert spec.refused.keys() == MODULES.keys()
    assert all("DFL head" in why for why in spec.refused.values())


@pytest.mark.parametrize("family", MODULES)
def test_it_is_refused_before_anything_is_built(family):
    with pytest.raises(BadRecipe, match="DFL head") as error:
        recipe_of({"method": "ld", "family": family, "teacher": "bundled:gdino-mini"})
    assert error.value.field == "family"
    with pytest.raises(BadRecipe, match="DFL head"):
        Localisation(Localisation.Args(), made.SHAPE, made.SHAPE)
