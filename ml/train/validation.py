"""How well the averaged model does while it trains: on a held-out COCO file, or on held-out rendered drives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ml.evaluate.coco_file import evaluate_on_coco
from ml.evaluate.synth import HEIGHT, SECONDS, WIDTH, evaluate_on_drives
from ml.models.detector import build_detector
from ml.schemas import EvalReport
from ml.train.recipe import RENDERED, TrainRecipe

VALIDATION_SEEDS = range(800, 900)  # of drives; 900 and on are kept for the figures that are published


def validate(recipe: TrainRecipe, model: Path) -> EvalReport | None:
    """COCO figures of a model folder on at most `validate_frames` frames; None without a validation set."""
    if not recipe.validate:
        return None
    detector = build_detector(str(model), device=None if recipe.device == "auto" else recipe.device)
    if recipe.validate == RENDERED:
        drives = max(1, recipe.validate_frames // round(SECONDS))
        report, _ = evaluate_on_drives(detector, VALIDATION_SEEDS[:drives], width=WIDTH, height=HEIGHT)
        return report
    return evaluate_on_coco(detector, Path(recipe.validate), recipe.categories, limit=recipe.validate_frames)


def row_of(report: EvalReport) -> dict[str, Any]:
    """The figures under the names of the field; None where there is no truth."""
    names = {
        "AP": "ap",
        "AP50": "ap50",
        "AP75": "ap75",
        "APs": "ap_small",
        "APm": "ap_medium",
        "APl": "ap_large",
        "AR": "ar100",
    }
    figures = {name: _known(getattr(report, key)) for name, key in names.items()}
    return {**figures, "per_category": {name: _known(ap) for name, ap in report.per_category.items()}}


def _known(value: float) -> float | None:
    return None if value < 0 else round(value, 5)
