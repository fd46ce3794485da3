"""The balance of the classes beside what the serving model was trained on, and how far the two have drifted apart."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from webapp.accounts.models import Workspace
from webapp.dashboards.counted import Point, level
from webapp.dashboards.models import DayFigure
from webapp.datasets.models import DatasetVersion
from webapp.datasets.splits import TRAIN, TRAIN_GT, TRAIN_PSEUDO
from webapp.registry.models import Promotion

LEARNT_FROM = (TRAIN, TRAIN_GT, TRAIN_PSEUDO)


def class_balance(workspace: Workspace) -> dict[str, Any]:
    """Shares of each category among the labels that people stand by and among those of the training data.

    `drift` is half the sum of the differences: the share of labels that would have to be of another category for the two to be alike.
    """
    version = training_data(workspace)
    labels, learnt = _labels(workspace), _learnt(version)
    return {
        "version": {"id": version.id, "dataset": version.dataset_id, "name": str(version)} if version else None,
        "drift": _drift(labels, learnt),
        "rows": [
            {"category": name, "labels": labels.get(name, 0.0), "training": learnt.get(name, 0.0)}
            for name in sorted({*labels, *learnt}, key=lambda name: (-labels.get(name, 0), -learnt.get(name, 0), name))
        ],
    }


def class_drift(workspace: Workspace, today: date) -> Iterable[Point]:
    """Against the training data, as the labels were last counted."""
    return level(today, [("", class_balance(workspace)["drift"])])


def training_data(workspace: Workspace) -> DatasetVersion | None:
    """What the serving model was trained on; of a model that came from elsewhere, the newest version that has a training split."""
    serving = Promotion.objects.filter(workspace=workspace, current=True).select_related(
        "model_version__dataset_version__dataset"
    )
    promotion = serving.first()
    if promotion and promotion.model_version.dataset_version:
        return promotion.model_version.dataset_version
    frozen = DatasetVersion.objects.filter(
        dataset__workspace=workspace, state=DatasetVersion.State.FROZEN, version_drives__split__in=LEARNT_FROM
    )
    return frozen.select_related("dataset").order_by("-frozen_at").first()


def _labels(workspace: Workspace) -> dict[str, float]:
    """From the roll-up: nobody who opens a page counts boxes."""
    rows = DayFigure.objects.filter(workspace=workspace, series="labels_by_category")
    day = rows.order_by("-day").values_list("day", flat=True).first()
    return _shares(dict(rows.filter(day=day).values_list("part", "value")) if day else {})


def _learnt(version: DatasetVersion | None) -> dict[str, float]:
    splits = (version.card if version else {}).get("splits", {})
    counts: Counter[str] = Counter()
    for name in LEARNT_FROM:
        counts.update(splits.get(name, {}).get("by_category", {}))
    return _shares(counts)


def _shares(counts: dict[str, float] | Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items() if count} if total else {}


def _drift(labels: dict[str, float], learnt: dict[str, float]) -> float | None:
    if not labels or not learnt:
        return None
    return sum(abs(labels.get(name, 0.0) - learnt.get(name, 0.0)) for name in {*labels, *learnt}) / 2
