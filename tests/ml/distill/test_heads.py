"""On a real student the class terms of the query methods reach its class head, and their box terms its box head."""

import pytest
import torch

from ml.train.engine import prepare
from tests.ml.distill.test_learner import recipe, shaken

METHODS = ("kd_detr", "clockdistill", "detrdistill")


@pytest.mark.parametrize("name", METHODS)
def test_each_term_reaches_its_own_head(name, frames):
    run = shaken(prepare(recipe(name, frames, denoising_queries=0), None))
    terms = run.learner(run.batches[0])
    heads = run.trainee.model.model.decoder
    class_head, box_head = ([*part.parameters()] for part in (heads.class_embed[-1], heads.bbox_embed[-1]))
    for term, reached, untouched in (("class", class_head, box_head), ("giou", box_head, class_head)):
        found = torch.autograd.grad(
            terms[f"{name}_{term}"], [*reached, *untouched], retain_graph=True, allow_unused=True
        )
        assert all(part.any() for part in found[: len(reached)]), term
        assert not any(part is not None and part.any() for part in found[len(reached) :]), term
