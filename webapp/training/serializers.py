"""Training on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.edge.budget_serializers import BudgetSerializer
from webapp.jobs.serializers import JobSerializer
from webapp.registry.serializers import ModelNameSerializer, VersionNameSerializer
from webapp.training.models import CONTROL, MethodComparison, MethodSpec, TrainingRun
from webapp.training.selectors import best, latest


class OptionSerializer(serializers.Serializer[Any]):
    """One knob; `minimum` and `maximum` are inclusive. `family` is the only detector that it says anything to, empty for all."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["int", "float", "str", "bool", "choice"])
    default = serializers.JSONField()
    help = serializers.CharField()
    group = serializers.CharField()
    minimum = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField())
    family = serializers.CharField(allow_blank=True, default="")


class MethodSpecSerializer(serializers.ModelSerializer[MethodSpec]):
    families = serializers.ListField(child=serializers.CharField())
    sizes = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    options = OptionSerializer(many=True)
    refused = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = MethodSpec
        fields = [
            "name",
            "title",
            "description",
            "paper",
            "needs_teacher",
            "families",
            "refused",
            "sizes",
            "options",
        ]


class MethodsSerializer(serializers.Serializer[Any]):
    results = MethodSpecSerializer(many=True)


class RunBriefSerializer(serializers.ModelSerializer[TrainingRun]):
    class Meta:
        model = TrainingRun
        fields = ["id", "name"]


class BestSerializer(serializers.Serializer[Any]):
    iteration = serializers.IntegerField()
    AP = serializers.FloatField()


class ComparisonBriefSerializer(serializers.ModelSerializer[MethodComparison]):
    class Meta:
        model = MethodComparison
        fields = ["id", "name"]


class RunSerializer(serializers.ModelSerializer[TrainingRun]):
    init = ModelNameSerializer(allow_null=True)
    teacher = ModelNameSerializer(allow_null=True)
    dataset_version = VersionNameSerializer(allow_null=True)
    cloned_from = RunBriefSerializer(allow_null=True)
    comparison = ComparisonBriefSerializer(allow_null=True)
    model = ModelNameSerializer(allow_null=True)
    job = JobSerializer(allow_null=True)
    options = serializers.DictField()
    iteration = serializers.IntegerField(allow_null=True, read_only=True)
    iterations = serializers.SerializerMethodField()
    latest = serializers.SerializerMethodField()
    best = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.email", default=None, allow_null=True)

    class Meta:
        model = TrainingRun
        fields = [
            "id",
            "name",
            "method",
            "family",
            "size",
            "init",
            "teacher",
            "dataset_version",
            "train_split",
            "validation_split",
            "seed",
            "options",
            "code_version",
            "cloned_from",
            "comparison",
            "job",
            "iteration",
            "iterations",
            "latest",
            "best",
            "model",
            "created_at",
            "created_by",
        ]

    def get_iterations(self, run: TrainingRun) -> int | None:
        iterations: int | None = run.options.get("iterations")
        return iterations

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_latest(self, run: TrainingRun) -> dict[str, Any] | None:
        return latest(run)

    @extend_schema_field(BestSerializer(allow_null=True))
    def get_best(self, run: TrainingRun) -> dict[str, Any] | None:
        return best(run)


class PlanSerializer(serializers.Serializer[Any]):
    """What a run is made of. Without `dataset_version` it trains on rendered scenes; without `init` it begins from nothing.

    A method that needs a teacher takes any model as `teacher`, `init` itself included.
    """

    method = serializers.CharField(max_length=60, default=CONTROL)
    family = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    size = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    init = IdField(required=False, allow_null=True, default=None)
    teacher = IdField(required=False, allow_null=True, default=None)
    dataset_version = IdField(required=False, allow_null=True, default=None)
    train_split = serializers.CharField(max_length=20, required=False, default="train")
    validation_split = serializers.CharField(max_length=20, required=False, allow_blank=True, default="val")
    seed = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31 - 1)
    options = serializers.DictField(required=False, default=dict)
    cloned_from = IdField(required=False, allow_null=True, default=None)


class RunWriteSerializer(PlanSerializer):
    """`budget` is held before anything is queued: a YOLOX over it is refused with what would help."""

    name = serializers.CharField(max_length=120)
    budget = BudgetSerializer(required=False, allow_null=True, default=None)


class HistogramSerializer(serializers.Serializer[Any]):
    """How many values lie in each of twenty equal bins from `low` to `high`."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    counts = serializers.ListField(child=serializers.IntegerField())


class WeighedSerializer(serializers.Serializer[Any]):
    """What the method weighed at an iteration."""

    iteration = serializers.IntegerField()
    by_name = serializers.DictField(child=HistogramSerializer())


class MetricsSerializer(serializers.Serializer[Any]):
    """`train` holds columns of equal length: `iteration`, `loss`, `rate`, `seconds` and a column for each term of the loss."""

    train = serializers.DictField(child=serializers.ListField(child=serializers.FloatField(allow_null=True)))
    histograms = WeighedSerializer(many=True)
    validations = serializers.ListField(child=serializers.DictField())
    last_iteration = serializers.IntegerField()


class RunLogSerializer(serializers.Serializer[Any]):
    """The last lines of the run's log."""

    text = serializers.CharField(allow_blank=True)


class EstimateSerializer(serializers.Serializer[Any]):
    job = JobSerializer()
