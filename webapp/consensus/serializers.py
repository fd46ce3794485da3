"""Second opinions on the wire, for leads."""

from typing import Any

from rest_framework import serializers

from webapp.consensus.models import Disagreement
from webapp.labels.serializers import HolderSerializer


class DisagreementsWantedSerializer(serializers.Serializer[Any]):
    open = serializers.BooleanField(required=False, default=True, help_text="False: those that are settled.")


class VerdictSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Disagreement.Verdict.choices)


class OpinionLabelSerializer(serializers.Serializer[Any]):
    box = serializers.UUIDField()
    category = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(help_text="The category's.")
    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()


class OpinionSerializer(serializers.Serializer[Any]):
    """What one of the two said; no label: nothing is there."""

    user = HolderSerializer(allow_null=True)
    label = OpinionLabelSerializer(allow_null=True)  # type: ignore[assignment]  # a field has a label of its own


class DisputedFrameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class DisagreementSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Disagreement.Kind.choices)
    iou = serializers.FloatField(allow_null=True)
    frame = DisputedFrameSerializer()
    drive = HolderSerializer()
    first = OpinionSerializer()
    second = OpinionSerializer()
    verdict = serializers.ChoiceField(choices=["", *Disagreement.Verdict.values])
    settled_by = HolderSerializer(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class FiguresOfTwoSerializer(serializers.Serializer[Any]):
    objects = serializers.IntegerField()
    alpha = serializers.FloatField(allow_null=True, help_text="Krippendorff's, of the categories, no box being one.")
    mean_iou = serializers.FloatField(allow_null=True, help_text="Of the objects that both have.")
    differ = serializers.IntegerField(help_text="Objects that one of them lacks or calls otherwise.")


class AgreedSerializer(FiguresOfTwoSerializer):
    frames = serializers.IntegerField()


class AgreedByPairSerializer(AgreedSerializer):
    a = HolderSerializer(allow_null=True)
    b = HolderSerializer(allow_null=True)


class AgreedByCategorySerializer(FiguresOfTwoSerializer):
    category = serializers.IntegerField()
    name = serializers.CharField()


class AgreementSerializer(serializers.Serializer[Any]):
    open = serializers.IntegerField(help_text="Disagreements that wait for a lead.")
    all = AgreedSerializer()
    people = AgreedByPairSerializer(many=True)
    categories = AgreedByCategorySerializer(many=True)
