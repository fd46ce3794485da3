"""Structured pruning of a YOLOX by Torch-Pruning's dependency graph: whole channels go, in sixteens, and what depends on them with them (edge.md 3).

`python -m ml.export.prune MODEL --out FOLDER --gflops 5.2 --width 512 --height 288`; the folder is fine-tuned by the ordinary training (`init`), as any model's.
"""

from __future__ import annotations

import argparse
import copy
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
import torch_pruning
from torch import nn

from ml.errors import BadRecipe, MlError
from ml.models.yolox import folder as folders
from ml.models.yolox.cost import cost_of
from ml.models.yolox.network import YOLOX
from ml.models.yolox.training import open_yolox

ROUND_TO = 16
MOST_OF_A_LAYER = 0.75
TRIES = 7  # halvings of the share: within 1 % of the target, or as near as sixteens allow

IMPORTANCES: dict[str, Callable[[], torch_pruning.importance.Importance]] = {
    "l1": lambda: torch_pruning.importance.GroupMagnitudeImportance(p=1),
    "l2": lambda: torch_pruning.importance.GroupMagnitudeImportance(p=2),
    "slimming": lambda: torch_pruning.importance.BNScaleImportance(),  # the scale of the norm, as Liu et al. 2017
}


class WholeSixteens(torch_pruning.BasePruner):
    """Takes a sixteen of a layer when all of it may go. The stock rounding takes one as soon as a single channel may: where the least important ones are looked for
    in all layers together, a share of 0.6 % took the half of five layers of a nano, and the network was lost."""

    def _round_to(self, n_pruned: int, current_channels: int, round_to: int) -> int:
        left = -(-(current_channels - n_pruned) // round_to) * round_to
        return max(0, current_channels - left)


def pruned(model: YOLOX, share: float, *, importance: str = "l2", everywhere_alike: bool = False) -> YOLOX:
    """A copy without about `share` of its channels; its answers change, and want fine-tuning.

    Args:
        share: 0 to below 1, of the channels of all layers together.
        importance: one of `IMPORTANCES`.
        everywhere_alike: the same share of each layer, instead of the least important channels wherever they are.
    """
    copied = copy.deepcopy(model).eval().requires_grad_(requires_grad=True)
    if share <= 0:
        return copied
    pruner = torch_pruning.BasePruner if everywhere_alike else WholeSixteens
    pruner(
        copied,
        torch.zeros(1, 3, 64, 64),
        importance=IMPORTANCES[importance](),
        pruning_ratio=share,
        max_pruning_ratio=1.0 if everywhere_alike else MOST_OF_A_LAYER,
        global_pruning=not everywhere_alike,
        isomorphic=not everywhere_alike,
        round_to=ROUND_TO,
        ignored_layers=_predictions(copied),
    ).step()
    return copied


def pruned_to(model: YOLOX, gflops: float, width: int, height: int, *, importance: str = "l2") -> tuple[YOLOX, float]:
    """The least pruned copy that costs at most `gflops` at this input, and the share that was taken.

    Raises: BadRecipe when nothing of that cost is left to find.
    """
    if cost_of(model, width, height).gflops <= gflops:
        return pruned(model, 0), 0.0
    low, high = 0.0, MOST_OF_A_LAYER
    best: tuple[YOLOX, float] | None = None
    for _ in range(TRIES):
        middle = (low + high) / 2
        tried = pruned(model, middle, importance=importance)
        if cost_of(tried, width, height).gflops <= gflops:
            best, high = (tried, middle), middle
        else:
            low = middle
    if best is None:
        raise BadRecipe(f"Nothing of {gflops} GFLOPs is left when at most {MOST_OF_A_LAYER:.0%} of a layer go.")
    return best


def widths(model: YOLOX) -> set[int]:
    """The widths of all inner layers."""
    return {module.num_features for module in model.modules() if isinstance(module, nn.BatchNorm2d)}


def main() -> int:
    """0 and one JSON line, or 1 with the reason on stderr."""
    options = _options()
    try:
        model, card = open_yolox(options.model)
        width, height = options.width or card.width, options.height or card.height
        found, share = pruned_to(model, options.gflops, width, height, importance=options.importance)
        folders.save(found, replace(card, pruned=True, width=width, height=height), options.out)
    except MlError as error:
        print(f"{error.code}: {error.detail} {error.hint}".rstrip(), file=sys.stderr)
        return 1
    before, after = cost_of(model, width, height), cost_of(found, width, height)
    row = {"gflops_before": round(before.gflops, 3), "gflops": round(after.gflops, 3), "share": round(share, 4)}
    print(json.dumps({**row, "parameters_before": before.parameters, "parameters": after.parameters}))
    return 0


def _predictions(model: YOLOX) -> list[nn.Module]:
    head = model.head
    return [*head.cls_preds, *head.reg_preds, *head.obj_preds]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ml.export.prune", description=__doc__)
    parser.add_argument("model", help="a folder that a YOLOX was trained into, yolox:<file> or yolox-onnx:<file>")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--gflops", type=float, required=True, help="most that it may cost")
    parser.add_argument("--width", type=int, default=0, help="of the input; as in training unless told")
    parser.add_argument("--height", type=int, default=0)
    parser.add_argument("--importance", default="l2", choices=IMPORTANCES)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
