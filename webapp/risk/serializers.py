"""Risk on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.risk.models import RiskModel


class BinSerializer(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()
    count = serializers.IntegerField()
    mean_risk = serializers.FloatField()
    error_rate = serializers.FloatField()


class ReliabilitySerializer(serializers.Serializer[Any]):
    """Of held-out labels. `brier_base` is the Brier score of their share of errors alone."""

    bins = BinSerializer(many=True)
    ece = serializers.FloatField()
    brier = serializers.FloatField()
    brier_base = serializers.FloatField()


class RiskModelSerializer(serializers.ModelSerializer[RiskModel]):
    reliability = ReliabilitySerializer()

    class Meta:
        model = RiskModel
        fields = [
            *("id", "model_version", "number", "labels", "errors", "held_out_by", "reliability", "ece", "current"),
            "created_at",
        ]


class FitSerializer(serializers.Serializer[Any]):
    model = IdField()


class ScoreSerializer(serializers.Serializer[Any]):
    """`drive` alone, or all drives that show the model's labels."""

    model = IdField()
    drive = IdField(required=False)


class RankingSerializer(serializers.Serializer[Any]):
    """`gain` is 0 for a random order and 1 for a perfect one; differences are to confidence alone, on the same draws."""

    gain = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    difference_low = serializers.FloatField(allow_null=True)
    difference_high = serializers.FloatField(allow_null=True)
    found = serializers.ListField(child=serializers.FloatField(), help_text="Share of the errors, at each of `shares`.")


class AuditCurveSerializer(serializers.Serializer[Any]):
    """Errors found against labels audited. `rankings` by name: risk, priority, confidence, margin, entropy; objectlab where a second model has looked."""

    labels = serializers.IntegerField()
    wrong = serializers.IntegerField()
    blocks = serializers.IntegerField(help_text="Frames, which the bootstrap draws.")
    audited = serializers.IntegerField(help_text="Boxes decided; the curve is of the latest of them.")
    shares = serializers.ListField(child=serializers.FloatField())
    perfect = serializers.ListField(child=serializers.FloatField())
    rankings = serializers.DictField(child=RankingSerializer())


class NamedSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class MissingSerializer(serializers.Serializer[Any]):
    missing = serializers.FloatField()
    lower = serializers.FloatField(help_text="95 % interval; too low where both finders overlook the same things.")
    upper = serializers.FloatField()


class MissedEstimateSerializer(serializers.Serializer[Any]):
    """Objects without a label in the audited frames, by two finders (Chapman's estimate)."""

    frames = serializers.IntegerField(help_text="Audited frames.")
    model = NamedSerializer(allow_null=True)
    second = NamedSerializer(allow_null=True)
    found_first = serializers.IntegerField(help_text="Candidates that a person accepted.")
    found_second = serializers.IntegerField(
        help_text="Of the missed objects that a person kept, those on which the second model has a label."
    )
    found_both = serializers.IntegerField()
    estimate = MissingSerializer(allow_null=True)
