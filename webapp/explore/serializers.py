"""Questions, galleries and histograms on the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.core.fields import FiniteField, IdField
from webapp.explore.asked import KINDS, RANGES, Asked
from webapp.explore.models import Slice
from webapp.explore.slices import drives_of_slice
from webapp.footage.light import LIGHTS
from webapp.footage.models import Frame
from webapp.jobs.serializers import JobSerializer
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
    light = serializers.ChoiceField(choices=LIGHTS, required=False, allow_null=True)
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


class SimilarWantedSerializer(AskedSerializer):
    """Like this frame or this label; the rest narrows what is found."""

    frame = IdField(required=False, allow_null=True)
    label = serializers.UUIDField(required=False, allow_null=True, help_text="A label's `client_id`.")  # type: ignore[assignment]  # DRF's own name for a caption
    count = serializers.IntegerField(required=False, default=60, min_value=1, max_value=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("frame") is None) == (attrs.get("label") is None):
            raise serializers.ValidationError({"frame": "Name one frame, or one label."})
        return attrs


class SimilarFrameSerializer(GalleryFrameSerializer):
    likeness = serializers.FloatField(help_text="Cosine, 1 for the same.")


class SimilarCropSerializer(GalleryCropSerializer):
    likeness = serializers.FloatField()


class SimilarSerializer(serializers.Serializer[Any]):
    frames = SimilarFrameSerializer(many=True)
    crops = SimilarCropSerializer(many=True)


class CoverageSerializer(serializers.Serializer[Any]):
    frames = serializers.IntegerField(help_text="Frames that have features.")
    labels = serializers.IntegerField()


class FeaturesWriteSerializer(serializers.Serializer[Any]):
    drive = IdField(required=False, allow_null=True, default=None, help_text="All drives when left out.")


class FeatureJobsSerializer(serializers.Serializer[Any]):
    results = JobSerializer(many=True)


class SavedSliceSerializer(serializers.ModelSerializer[Slice]):
    asked = AskedOfKindSerializer()
    created_by = serializers.CharField(source="created_by.__str__")

    class Meta:
        model = Slice
        fields = ["id", "name", "asked", "created_by", "created_at"]


class SavedSliceDetailSerializer(SavedSliceSerializer):
    """With the drives that it has frames of, for a version of them."""

    drives = serializers.SerializerMethodField()

    class Meta(SavedSliceSerializer.Meta):
        fields = [*SavedSliceSerializer.Meta.fields, "drives"]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_drives(self, found: Slice) -> list[int]:
        return drives_of_slice(found)


class SavedSliceWriteSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    asked = AskedOfKindSerializer()
