"""What a YOLOX of a size will cost, and whether that keeps within a person's budget; before anything is trained."""

from typing import Any

from ml.models.yolox.budget import Budget, Choice, chosen, excesses, helps
from ml.models.yolox.figures import SLOW_TOPS
from ml.taxonomies import GDDA13
from webapp.core.errors import DomainError
from webapp.datasets.models import DatasetVersion
from webapp.edge.services import FAMILY

DEFAULT_WIDTH, DEFAULT_HEIGHT = 448, 256  # of a recipe that tells no other
MOST_HELPS = 6


def classes_of(version: DatasetVersion | None) -> int:
    """How many categories a model of this version has; rendered scenes have the product's thirteen."""
    return len(version.categories) if version and version.categories else len(GDDA13)


def figures(*, size: str, width: int, height: int, classes: int, budget: Budget) -> dict[str, Any]:
    """The figures, what of them is over the budget, and which changes would bring it there. Raises: DomainError `unknown_size`."""
    asked = _chosen(size, width, height, classes)
    over = excesses(asked.figures, budget)
    found = helps(asked, classes, budget)[:MOST_HELPS] if over else []
    return {**_row(asked), "over": over, "helps": [_row(each) for each in found]}


def budget_check(
    *, family: str, size: str, width: int, height: int, classes: int, budget: Budget, most_gflops: float = 0
) -> None:
    """Refuse a launch over its budget.

    Args:
        most_gflops: down to which channels will be taken; 0 for none. How many parameters that leaves, nobody knows before.
    Raises:
        DomainError: `over_budget` naming the limit and what would help, `unknown_size`, or `budget_needs_size`.
    """
    if budget == Budget():
        return
    if family != FAMILY or not size:
        why = "Choose a size to have it held to a budget." if family == FAMILY else "Only a YOLOX is held to a budget."
        raise DomainError("budget_needs_size", why, fields={"size" if family == FAMILY else "family": why})
    if most_gflops:
        budget = _after_pruning(budget, most_gflops)
    told = figures(size=size, width=width, height=height, classes=classes, budget=budget)
    if told["over"]:
        would = "; ".join(f"{row['size']} at {row['width']}x{row['height']}" for row in told["helps"])
        why = (
            f"{size} at {width}x{height}: {'; '.join(told['over'].values())}. {f'Within it: {would}.' if would else ''}"
        )
        fields = {f"budget.{name}": text for name, text in told["over"].items()}
        raise DomainError("over_budget", why.strip(), fields=fields)


def _after_pruning(budget: Budget, most_gflops: float) -> Budget:
    """What is left to hold the size to: limits that the pruned network keeps by itself are dropped."""
    kept = budget.gflops is not None and most_gflops <= budget.gflops
    quick = budget.milliseconds is not None and most_gflops / SLOW_TOPS <= budget.milliseconds
    return Budget(budget.parameters, None if kept else budget.gflops, None if quick else budget.milliseconds)


def _chosen(size: str, width: int, height: int, classes: int) -> Choice:
    try:
        return chosen(size, width, height, classes)
    except ValueError as error:
        raise DomainError("unknown_size", str(error), fields={"size": str(error)}) from error


def _row(each: Choice) -> dict[str, Any]:
    best, worst = each.figures.milliseconds
    return {
        "size": each.size,
        "width": each.width,
        "height": each.height,
        "switch": each.switch,
        "parameters": each.figures.parameters,
        "gflops": round(each.figures.gflops, 4),
        "off_bpu": each.figures.off_bpu,
        "best_ms": round(best, 1),
        "worst_ms": round(worst, 1),
    }
