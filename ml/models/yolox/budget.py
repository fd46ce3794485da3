"""Whether a size keeps within a budget of parameters, GFLOPs and milliseconds, and if not, which single change would bring it there. Torch-free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ml.models.yolox.figures import Figures, figures_of
from ml.models.yolox.sizes import LITE, REFINEMENTS, SIZES, base_of, size_named

STEP_PX = 32  # sides of an input are multiples of it
SMALLEST_PX = 160  # below, nothing of a street is left to see
OFFICIAL = tuple(SIZES)  # from the smallest up


@dataclass(frozen=True)
class Budget:
    """None where anything will do. `milliseconds` are of a Horizon X3, the worse estimate."""

    parameters: int | None = None
    gflops: float | None = None
    milliseconds: float | None = None


@dataclass(frozen=True)
class Choice:
    """A size at an input, and what it would cost. `switch` says what of the asked one was changed; empty for that itself."""

    size: str
    width: int
    height: int
    figures: Figures
    switch: str = ""


def chosen(size: str, width: int, height: int, classes: int, switch: str = "") -> Choice:
    """Raises: ValueError when there is no such size."""
    network = size_named(size)
    if network is None:
        raise ValueError(
            f"There is no size '{size}'; known: {', '.join(OFFICIAL)}, each with +{', +'.join(REFINEMENTS)} or {LITE}."
        )
    return Choice(size, width, height, figures_of(network, classes, width, height), switch)


def excesses(figures: Figures, budget: Budget) -> dict[str, str]:
    """What is over the budget, in words, by the name of its limit; empty when nothing is."""
    over = {}
    if budget.parameters is not None and figures.parameters > budget.parameters:
        over["parameters"] = f"{figures.parameters / 1e6:.2f} M parameters, at most {budget.parameters / 1e6:.2f} M"
    if budget.gflops is not None and figures.gflops > budget.gflops:
        over["gflops"] = f"{figures.gflops:.2f} GFLOPs, at most {budget.gflops:g}"
    if budget.milliseconds is not None:
        if figures.off_bpu:
            over["milliseconds"] = f"{figures.off_bpu} activations off the BPU, so that no time on the chip can be told"
        elif figures.milliseconds[1] > budget.milliseconds:
            over["milliseconds"] = f"{figures.milliseconds[1]:.1f} ms, at most {budget.milliseconds:g}"
    return over


def helps(asked: Choice, classes: int, budget: Budget) -> list[Choice]:
    """Changes of one switch, of the official size or of the input that keep within the budget; where no single one does, a smaller one that is refined too."""
    found = [each for each in _changes(asked, classes) if not excesses(each.figures, budget)]
    if found:
        return found
    smaller = (chosen(f"{base}{LITE}", asked.width, asked.height, classes, "lite") for base in _below(asked.size))
    return [each for each in smaller if not excesses(each.figures, budget)][:1]


def _changes(asked: Choice, classes: int) -> Iterator[Choice]:
    base, words = base_of(asked.size), _words(asked.size)
    sides = (asked.width, asked.height, classes)
    for word in REFINEMENTS:
        now = [each for each in words if each != word] if word in words else [*words, word]
        yield chosen("+".join([base, *now]), *sides, word)
    for smaller in _below(asked.size):
        yield chosen("+".join([smaller, *words]), *sides, "size")
    yield from _smaller_inputs(asked, classes)


def _smaller_inputs(asked: Choice, classes: int) -> Iterator[Choice]:
    """The same shape, each a step less wide."""
    for width in range(asked.width - STEP_PX, SMALLEST_PX - 1, -STEP_PX):
        height = max(STEP_PX, round(asked.height * width / asked.width / STEP_PX) * STEP_PX)
        yield chosen(asked.size, width, height, classes, "input")


def _words(size: str) -> list[str]:
    words = size.removesuffix(LITE).split("+")[1:]
    return [*words, *REFINEMENTS] if size.endswith(LITE) else words


def _below(size: str) -> tuple[str, ...]:
    """Smaller official sizes, the largest first."""
    return OFFICIAL[: OFFICIAL.index(base_of(size))][::-1]
