"""Questions, galleries and histograms on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField, IdField
from webapp.explore.asked import KINDS, RANGES, Asked
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.serializers import BoxSerializer, CropFrameSerializer


def _share(**more: Any) -> FiniteField:
    return FiniteField(required=False, allow_null=True, min_value=0, max_value=1, **more)


class AskedSerializer(serializers.Serializer[Any]):
    """A filter of frames or crops; see `webapp/explore/asked.py`."""

    drive = IdField(required=False, allow_null=True)
    category = IdField(required=False, allow_null=True)
    model = IdField(required=False, allow_null=True, help_text="Labels of this model alone, shown at the desk or not.")
    state = serializers.ChoiceField(choices=Frame.State.choices, required=False, allow_null=True)
    box_state = serializers.ChoiceField(choices=Box.State.choices, required=False, allow_null=True)
    scene = serializers.CharField(required=False, allow_blank=True, max_length=20, help_text="Time of day or weather.")
    text = serializers.CharField(required=False, allow_blank=True, max_length=200)
    risk_min = _share()
    risk_max = _share()
    score_min = _share()
    score_max = _share()
    side_min = FiniteField(required=False, allow_null=True, min_value=0, max_value=1e5, help_text="Root of area, px.")
    side_max = FiniteField(required=False, allow_null=True, min_value=0, max_value=1e5)
    hour_min = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=23)
    hour_max = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=23)

    def asked(self, kind: str) -> Asked:
        """The validated question."""
        self.is_valid(raise_exception=True)
        return Asked.of({"kind": kind, **self.validated_data})


class AskedOfKindSerializer(AskedSerializer):
    kind = serializers.ChoiceField(choices=KINDS, required=False, default=KINDS[0])


class GalleryFrameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    drive = serializers.IntegerField()
    drive_name = serializers.CharField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    state = serializers.CharField()
    risk = serializers.FloatField()


class GalleryCropSerializer(serializers.Serializer[Any]):
    box = BoxSerializer()
    frame = CropFrameSerializer()


class GalleryFramesSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Send it as `cursor` for the next page.")
    results = GalleryFrameSerializer(many=True)


class GalleryCropsSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Send it as `cursor` for the next page.")
    results = GalleryCropSerializer(many=True)


class SpreadSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=RANGES)
    edges = serializers.ListField(child=serializers.FloatField())
    counts = serializers.ListField(child=serializers.IntegerField())


class NamedCountSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="A state, or a category's id.")
    count = serializers.IntegerField()


class HistogramsSerializer(serializers.Serializer[Any]):
    """`exact` unless there is too much: then numbers are estimates from frames drawn by chance."""

    count = serializers.IntegerField()
    exact = serializers.BooleanField()
    read = serializers.IntegerField(help_text="Rows that the numbers come from.")
    histograms = SpreadSerializer(many=True)
    categories = NamedCountSerializer(many=True)
    states = NamedCountSerializer(many=True)


class PageSerializer(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    page_size = serializers.IntegerField(required=False, default=100, min_value=1, max_value=200)
