"""Pictures on their way into the store, with what a person could be known by made unreadable first."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ml.data.blurring import blur, detected_regions
from ml.errors import IncompatibleTaxonomy
from webapp.accounts.models import Workspace, WorkspaceLimits
from webapp.accounts.selectors import limits_of
from webapp.registry.models import ModelVersion
from webapp.registry.services import labelling_model
from webapp.taxonomy.models import Taxonomy
from workers import model_cache
from workers.lifecycle import JobFailed

LEAST_SCORE = 0.1


class Blurring:
    """One model's eye for the private places of pictures.

    Raises: JobFailed `no_model_to_blur`, `model_cannot_blur`: then nothing may come in.
    """

    def __init__(
        self, workspace: Workspace, taxonomy: Taxonomy, *, bands: bool, model: ModelVersion | None = None
    ) -> None:
        model = model or labelling_model(workspace)
        if model is None:
            raise JobFailed(
                "no_model_to_blur",
                "This workspace blurs at ingest, and has no model to find faces and plates with.",
                "Add a model, then try the file again; or turn blurring off under Control room, Storage and limits.",
            )
        self.detector, _ = model_cache.detector(model)
        # Unsure boxes count too: a place too many costs a few pixels, one too few shows a face.
        self.least = getattr(self.detector, "candidate_threshold", LEAST_SCORE)
        self.model, self.bands, self.categories, self._places = model, bands, taxonomy.values(), 0

    def __call__(self, image: Image.Image) -> Image.Image:
        """A copy that may be stored."""
        try:
            [found] = self.detector.predict(
                [np.asarray(image)], self.categories, score_threshold=self.least, candidate_threshold=self.least
            )
        except IncompatibleTaxonomy as error:
            raise JobFailed(
                "model_cannot_blur",
                f"'{self.model}' knows no category of this taxonomy, so it finds no person and no plate.",
                "Promote a model that does, then try the file again.",
            ) from error
        regions = detected_regions(found, self.categories, *image.size, bands=self.bands)
        self._places += len(regions)
        return blur(image, regions)

    def places_since(self) -> int:
        """How many places were blurred since this was asked last."""
        places, self._places = self._places, 0
        return places


def blurring_of(workspace: Workspace, taxonomy: Taxonomy, model: ModelVersion | None = None) -> Blurring | None:
    """As the workspace wants it now; None where it wants none."""
    return blurring_as(limits_of(workspace).blur_at_ingest, workspace, taxonomy, model)


def blurring_as(
    wish: str, workspace: Workspace, taxonomy: Taxonomy, model: ModelVersion | None = None
) -> Blurring | None:
    """As it was wanted when the file came."""
    if wish == WorkspaceLimits.Blur.OFF:
        return None
    return Blurring(workspace, taxonomy, bands=wish == WorkspaceLimits.Blur.BANDS, model=model)
