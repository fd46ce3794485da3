"""What a YOLOX costs: parameters, multiply-adds, and the GFLOPs that its authors publish (edge.md 1.1)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ml.models.yolox.network import YOLOX


@dataclass(frozen=True)
class Cost:
    """Of one picture. `macs` are those of the convolutions, `norm_elements` what batch norms put out."""

    parameters: int
    macs: int
    norm_elements: int

    @property
    def gflops(self) -> float:
        """Two for a multiply-add of a convolution; norms cost nothing once they are folded into the convolutions."""
        return 2 * self.macs / 1e9

    @property
    def published_gflops(self) -> float:
        """As in the official table, which counts two for each output of a norm as well."""
        return 2 * (self.macs + 2 * self.norm_elements) / 1e9


def cost_of(model: YOLOX, width: int, height: int) -> Cost:
    """Found by one pass without numbers (on torch's meta device)."""
    with torch.device("meta"):
        counted = {"macs": 0, "norm": 0}
        hooks = [module.register_forward_hook(_counting(counted)) for module in model.modules()]
        try:
            torch.func.functional_call(
                model,
                {name: tensor.to("meta") for name, tensor in model.state_dict().items()},
                (torch.empty(1, 3, height, width),),
            )
        finally:
            for hook in hooks:
                hook.remove()
    return Cost(sum(p.numel() for p in model.parameters()), counted["macs"], counted["norm"])


def _counting(counted: dict[str, int]):  # type: ignore[no-untyped-def]
    def count(module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if isinstance(module, nn.Conv2d):
            counted["macs"] += output.numel() * module.weight[0].numel()
        elif isinstance(module, nn.BatchNorm2d):
            counted["norm"] += output.numel()

    return count
