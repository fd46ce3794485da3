"""Figures of a size and budgets on the wire."""

from typing import Any

from rest_framework import serializers

from ml.models.yolox.budget import Budget
from webapp.core.fields import FiniteField, IdField
from webapp.edge.services import LARGEST_SIDE, SMALLEST_SIDE


class BudgetSerializer(serializers.Serializer[Any]):
    """What a model may cost at most; `milliseconds` are of one core of a Horizon X3, an estimate."""

    parameters = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1)
    gflops = FiniteField(required=False, allow_null=True, default=None, min_value=0)
    milliseconds = FiniteField(required=False, allow_null=True, default=None, min_value=0)


class FiguresAskedSerializer(BudgetSerializer):
    """A `size` is an official one with its refinements: `tiny+relu+stem`, or with all of them `tiny-lite`."""

    size = serializers.CharField(max_length=40)
    width = serializers.IntegerField(min_value=SMALLEST_SIDE, max_value=LARGEST_SIDE)
    height = serializers.IntegerField(min_value=SMALLEST_SIDE, max_value=LARGEST_SIDE)
    dataset_version = IdField(required=False, allow_null=True, default=None)


class SizeFiguresSerializer(serializers.Serializer[Any]):
    """`switch` says what was changed of the size that was asked for: a refinement, `size`, `input` or `lite`."""

    size = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    switch = serializers.CharField(allow_blank=True)
    parameters = serializers.IntegerField()
    gflops = serializers.FloatField()
    off_bpu = serializers.IntegerField()
    best_ms = serializers.FloatField()
    worst_ms = serializers.FloatField()


class FiguresToldSerializer(SizeFiguresSerializer):
    """`over` says by the budget's limit what exceeds it; `helps` are single changes that keep within."""

    over = serializers.DictField(child=serializers.CharField())
    helps = SizeFiguresSerializer(many=True)


def budget_of(values: dict[str, Any]) -> Budget:
    """Of checked values; what is not told has no limit."""
    return Budget(*(values.get(name) for name in ("parameters", "gflops", "milliseconds")))
