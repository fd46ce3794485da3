"""Vectors for a workspace that `dataset_rows` filled: drawn, as how fast the nearest are found does not hang on what they mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from webapp.accounts.models import Workspace
from webapp.explore.features import PART, Made, Stretch
from webapp.explore.models import FeaturePart
from webapp.explore.services import part_record
from webapp.labels.models import Box

WIDTH = 256  # as the bundled detector's


def index_drawn(workspace: Workspace, labels: int) -> None:
    """Of every frame, and of the first so many labels."""
    chance = np.random.default_rng(0)
    left = labels
    for drive in workspace.drives.order_by("id"):
        ids = list(drive.frames.order_by("id").values_list("id", flat=True))
        known = set(FeaturePart.objects.filter(drive=drive).values_list("first_frame", flat=True))
        for start in range(0, len(ids), PART):
            frames = tuple(ids[start : start + PART])
            boxes = (
                list(Box.objects.filter(frame__in=frames).order_by("id").values_list("id", flat=True)[:left])
                if left
                else []
            )
            left -= len(boxes)
            if frames[0] not in known:
                made = Made(
                    np.array(frames), _drawn(chance, len(frames)), np.array(boxes, np.int64), _drawn(chance, len(boxes))
                )
                part_record(drive, Stretch(frames, len(boxes), max(boxes, default=0)), made)


def _drawn(chance: Any, count: int) -> Any:
    return chance.normal(size=(count, WIDTH)).astype(np.float16)
