"""Method comparisons on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.jobs.models import Job
from webapp.registry.serializers import ModelNameSerializer, VersionNameSerializer
from webapp.training.comparisons import LONGEST_NAME
from webapp.training.models import MethodComparison
from webapp.training.standings import progress_of


class ComparisonProgressSerializer(serializers.Serializer[Any]):
    """`runs` by state; `done` of `total` iterations; `seconds_left` without validations, null while nothing was timed."""

    runs = serializers.DictField(child=serializers.IntegerField())
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    seconds_left = serializers.FloatField(allow_null=True)


class MethodComparisonSerializer(serializers.ModelSerializer[MethodComparison]):
    init = ModelNameSerializer(allow_null=True)
    teacher = ModelNameSerializer(allow_null=True)
    dataset_version = VersionNameSerializer(allow_null=True)
    methods = serializers.ListField(child=serializers.CharField())
    seeds = serializers.ListField(child=serializers.IntegerField())
    options = serializers.DictField()
    method_options = serializers.DictField(child=serializers.DictField())
    progress = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.email", default=None, allow_null=True)

    class Meta:
        model = MethodComparison
        fields = [
            "id",
            "name",
            "methods",
            "seeds",
            "options",
            "method_options",
            "family",
            "size",
            "init",
            "teacher",
            "dataset_version",
            "train_split",
            "validation_split",
            "progress",
            "created_at",
            "created_by",
        ]

    @extend_schema_field(ComparisonProgressSerializer)
    def get_progress(self, comparison: MethodComparison) -> dict[str, Any]:
        return progress_of(comparison)


class MethodComparisonWriteSerializer(serializers.Serializer[Any]):
    """What all runs share, the methods and the seeds. `options` are those of every run; `method_options` by method are its own."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    methods = serializers.ListField(child=serializers.CharField(max_length=60), max_length=60)
    seeds = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=2**31 - 1),
        required=False,
        default=[0, 1, 2],
        max_length=60,
    )
    family = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    size = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    init = IdField(required=False, allow_null=True, default=None)
    teacher = IdField(required=False, allow_null=True, default=None)
    dataset_version = IdField(required=False, allow_null=True, default=None)
    train_split = serializers.CharField(max_length=20, required=False, default="train")
    validation_split = serializers.CharField(max_length=20, required=False, default="val")
    options = serializers.DictField(required=False, default=dict)
    method_options = serializers.DictField(child=serializers.DictField(), required=False, default=dict)


class StandingRunSerializer(serializers.Serializer[Any]):
    """`value` is the figure, null until it is known."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    seed = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    value = serializers.FloatField(allow_null=True)


class SeedDifferenceSerializer(serializers.Serializer[Any]):
    """The mean difference to the control over `pairs` seeds. `low`, `high`: paired bootstrap, 95 %; `student_low`, `student_high`: Student's t."""

    difference = serializers.FloatField()
    pairs = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    student_low = serializers.FloatField(allow_null=True)
    student_high = serializers.FloatField(allow_null=True)


class PaperClaimSerializer(serializers.Serializer[Any]):
    """What a paper says, in points of AP; not measured here."""

    method = serializers.CharField()
    setting = serializers.CharField()
    gain = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)
    before = serializers.FloatField(allow_null=True)
    after = serializers.FloatField(allow_null=True)
    paper = serializers.CharField()


class StandingSerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    title = serializers.CharField()
    runs = StandingRunSerializer(many=True)
    mean = serializers.FloatField(allow_null=True)
    deviation = serializers.FloatField(allow_null=True)
    against_control = SeedDifferenceSerializer(allow_null=True)
    step_seconds = serializers.FloatField(allow_null=True)
    step_ratio = serializers.FloatField(allow_null=True)
    claims = PaperClaimSerializer(many=True)


class StandingsSerializer(serializers.Serializer[Any]):
    """`measured_on`: whether the figure is of the held-out test split, or of the validation whose weights were kept."""

    figure = serializers.CharField()
    figures = serializers.ListField(child=serializers.CharField())
    measured_on = serializers.ChoiceField(choices=["test", "validation"])
    rows = StandingSerializer(many=True)
