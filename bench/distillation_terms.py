"""How large each term of a distillation method is beside the detector's own loss before the first step, and how long its gradient is.

python -m bench.distillation_terms --student bundled:gdino-nano --teacher bundled:gdino-mini cld kd_detr aid:base=fgd
"""

from __future__ import annotations

import argparse
from typing import Any

import torch
from torch import Tensor

from ml.train.engine import Training, prepare
from ml.train.recipe import method_named, recipe_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "methods", nargs="+", help="names, each with options behind it as name:option=value,option=value"
    )
    parser.add_argument("--student", default="bundled:gdino-nano", help="empty: fresh weights")
    parser.add_argument("--teacher", default="bundled:gdino-mini")
    parser.add_argument(
        "--batches", type=int, default=4, help="of four rendered pictures each, the same for every method"
    )
    arguments = parser.parse_args()
    print(f"{'method':20} {'term':20} {'value':>9} {'of loss':>8} {'gradient':>9}")
    for text in arguments.methods:
        name, options = method_and_options(text)
        values = {"method": name, "init": arguments.student, "threads": 2, "seed": 1, **options}
        values |= {"teacher": arguments.teacher} if method_named(name).needs_teacher else {}
        _report(text, measured(prepare(recipe_of(values), None), arguments.batches))


def measured(run: Training, batches: int) -> dict[str, tuple[float, float]]:
    """By term the mean value, and the mean length of its gradient in the student; the detector's own loss under 'detector'."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(batches):
        torch.manual_seed(number)
        terms = run.learner(run.batches[number])
        own = [name for name in terms if name.startswith(f"{run.method.name}_")]
        whole = {"detector": torch.stack([value for name, value in terms.items() if name not in own]).sum()}
        for name, value in (whole | {name: terms[name] for name in own}).items():
            found.setdefault(name, []).append((value.item(), _length(value, run)))
    return {name: tuple(sum(part) / batches for part in zip(*each, strict=True)) for name, each in found.items()}


def _length(term: Tensor, run: Training) -> float:
    parameters = [each for each in run.trainee.model.parameters() if each.requires_grad]
    parts = torch.autograd.grad(term, parameters, retain_graph=True, allow_unused=True)
    return float(torch.stack([part.norm() for part in parts if part is not None]).norm())


def _report(text: str, terms: dict[str, tuple[float, float]]) -> None:
    loss, gradient = terms["detector"]
    for name, (value, length) in terms.items():
        print(f"{text:20} {name:20} {value:9.4f} {value / loss:8.1%} {length / gradient:9.1%}", flush=True)


def method_and_options(text: str) -> tuple[str, dict[str, Any]]:
    """Of `name:option=value,option=value`, or of a name alone."""
    name, _, rest = text.partition(":")
    pairs = [pair.split("=") for pair in rest.split(",") if pair]
    kinds = {option.name: type(option.default) for option in method_named(name).options}
    return name, {key: value == "True" if kinds[key] is bool else kinds[key](value) for key, value in pairs}


if __name__ == "__main__":
    main()
