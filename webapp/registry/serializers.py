"""Models, promotions and evaluations on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.datasets.models import DatasetVersion
from webapp.datasets.serializers import DatasetBriefSerializer
from webapp.jobs.serializers import JobSerializer
from webapp.registry import downloads
from webapp.registry.card import card_of
from webapp.registry.models import Evaluation, ModelVersion, Promotion
from webapp.registry.selectors import evaluations_of, lineage


class ModelNameSerializer(serializers.ModelSerializer[ModelVersion]):
    class Meta:
        model = ModelVersion
        fields = ["id", "name"]


class VersionNameSerializer(serializers.ModelSerializer[DatasetVersion]):
    dataset = DatasetBriefSerializer()

    class Meta:
        model = DatasetVersion
        fields = ["id", "number", "dataset"]


class ModelVersionSerializer(serializers.ModelSerializer[ModelVersion]):
    parent = ModelNameSerializer(read_only=True, allow_null=True)
    dataset_version = VersionNameSerializer(read_only=True, allow_null=True)
    training_run = serializers.SerializerMethodField()
    serving = serializers.SerializerMethodField()
    downloadable = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "name",
            "ref",
            "family",
            "sha256",
            "parameters",
            "metrics",
            "method",
            "parent",
            "dataset_version",
            "training_run",
            "code_version",
            "serving",
            "downloadable",
            "notes",
            "created_at",
        ]
        read_only_fields = [name for name in fields if name not in ("name", "ref", "notes")]

    def get_training_run(self, model: ModelVersion) -> int | None:
        run = getattr(model, "training_run", None)
        return run.id if run else None

    def get_serving(self, model: ModelVersion) -> bool:
        return bool(getattr(model, "serving", False))

    def get_downloadable(self, model: ModelVersion) -> bool:
        return downloads.downloadable(model)


class LineageStepSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["model", "run", "teacher", "dataset_version"])
    id = serializers.IntegerField()
    name = serializers.CharField()


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    model = ModelNameSerializer(source="model_version")
    dataset_version = VersionNameSerializer()
    job = JobSerializer(allow_null=True)

    class Meta:
        model = Evaluation
        fields = ["id", "model", "dataset_version", "split", "slice_name", "figures", "job", "created_at"]


class ModelDetailSerializer(ModelVersionSerializer):
    """With where it came from, what came of it, and its card in Markdown."""

    lineage = serializers.SerializerMethodField()
    children = ModelNameSerializer(many=True, read_only=True)
    evaluations = serializers.SerializerMethodField()
    card = serializers.SerializerMethodField()

    class Meta(ModelVersionSerializer.Meta):
        fields = [*ModelVersionSerializer.Meta.fields, "lineage", "children", "evaluations", "card"]
        read_only_fields = fields

    @extend_schema_field(LineageStepSerializer(many=True))
    def get_lineage(self, model: ModelVersion) -> list[dict[str, Any]]:
        return lineage(model)

    @extend_schema_field(EvaluationSerializer(many=True))
    def get_evaluations(self, model: ModelVersion) -> Any:
        return EvaluationSerializer(evaluations_of(model.workspace).filter(model_version=model)[:20], many=True).data

    def get_card(self, model: ModelVersion) -> str:
        return card_of(model)


class PromotionSerializer(serializers.ModelSerializer[Promotion]):
    model = ModelNameSerializer(source="model_version")
    by = serializers.CharField(source="by.email")

    class Meta:
        model = Promotion
        fields = ["id", "model", "by", "note", "current", "at"]


class PromotionsSerializer(serializers.Serializer[Any]):
    results = PromotionSerializer(many=True)


class PromotionWriteSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)


class EvaluationWriteSerializer(serializers.Serializer[Any]):
    model = IdField()
    dataset_version = IdField()
    split = serializers.CharField(required=False, allow_blank=True, default="", max_length=20)
    slice = IdField(required=False, allow_null=True, default=None, help_text="Only frames that it takes today.")


class ComparisonSerializer(serializers.Serializer[Any]):
    first = IdField()
    second = IdField()
