"""Cards, comparisons, lineage and proposals of splits on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import IdField
from webapp.datasets.comparing import KINDS
from webapp.datasets.proposing import SCHEMES, STRATA
from webapp.datasets.splits import SPLITS


class SplitCardSerializer(serializers.Serializer[Any]):
    frames = serializers.IntegerField()
    audited_frames = serializers.IntegerField()
    boxes = serializers.IntegerField()
    ignore_regions = serializers.IntegerField()
    by_category = serializers.DictField(child=serializers.IntegerField())
    by_size = serializers.DictField(child=serializers.IntegerField())
    by_hour = serializers.DictField(child=serializers.IntegerField())
    by_weather = serializers.DictField(child=serializers.IntegerField())
    by_city = serializers.DictField(child=serializers.IntegerField())
    risk = serializers.ListField(child=serializers.IntegerField())
    without_risk = serializers.IntegerField()


class NearPairSerializer(serializers.Serializer[Any]):
    frame = serializers.IntegerField()
    name = serializers.CharField()
    split = serializers.CharField()
    kept = serializers.IntegerField()
    kept_name = serializers.CharField()
    kept_split = serializers.CharField()


class NearSerializer(serializers.Serializer[Any]):
    max_distance = serializers.IntegerField()
    left_out = serializers.DictField(child=serializers.IntegerField())
    within = serializers.DictField(child=serializers.IntegerField())
    examples = NearPairSerializer(many=True)


class BoundBriefSerializer(serializers.Serializer[Any]):
    drive = serializers.CharField()
    split = serializers.CharField()
    upper = serializers.FloatField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    certified = serializers.BooleanField()


class GapSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    split = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class CardSerializer(serializers.Serializer[Any]):
    splits = serializers.DictField(child=SplitCardSerializer())
    near = NearSerializer()
    bounds = BoundBriefSerializer(many=True)
    gaps = GapSerializer(many=True)


class LineageSerializer(serializers.Serializer[Any]):
    previous = serializers.ListField(child=serializers.DictField())
    used_by = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class ComparedFramesSerializer(serializers.Serializer[Any]):
    came = serializers.IntegerField()
    went = serializers.IntegerField()
    changed = serializers.IntegerField()
    moved = serializers.IntegerField()
    same = serializers.IntegerField()


class ComparedBoxesSerializer(serializers.Serializer[Any]):
    came = serializers.IntegerField()
    went = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()


class VersionComparisonSerializer(serializers.Serializer[Any]):
    frames = ComparedFramesSerializer()
    boxes = ComparedBoxesSerializer()


class ComparedFrameSerializer(serializers.Serializer[Any]):
    frame = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    sha256 = serializers.CharField()
    split_before = serializers.CharField(allow_null=True)
    split_after = serializers.CharField(allow_null=True)
    boxes = ComparedBoxesSerializer()


class ComparisonQuerySerializer(serializers.Serializer[Any]):
    to = IdField()
    kind = serializers.ChoiceField(choices=KINDS, required=False, default="changed")
    start = serializers.IntegerField(required=False, default=0, min_value=0)
    size = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class SplitsWriteSerializer(serializers.Serializer[Any]):
    scheme = serializers.ChoiceField(choices=sorted(SCHEMES), required=False, default="plain")
    drives = serializers.ListField(child=IdField(), required=False, default=list)
    val = serializers.FloatField(required=False, default=0.1, min_value=0.0, max_value=0.4)
    test = serializers.FloatField(required=False, default=0.2, min_value=0.0, max_value=0.5)
    by = serializers.MultipleChoiceField(choices=STRATA, required=False, default=list(STRATA))
    include_unaudited = serializers.BooleanField(required=False, default=False)
    seed = serializers.IntegerField(required=False, default=0, min_value=0, max_value=2**31)


class PlaceSerializer(serializers.Serializer[Any]):
    drive = serializers.IntegerField()
    split = serializers.ChoiceField(choices=SPLITS)


class SplitStratumSerializer(serializers.Serializer[Any]):
    stratum = serializers.CharField()
    shares = serializers.DictField(child=serializers.FloatField())
    off = serializers.FloatField()


class SplitsSerializer(serializers.Serializer[Any]):
    places = PlaceSerializer(many=True)
    asked = serializers.DictField(child=serializers.FloatField())
    seed = serializers.IntegerField()
    report = SplitStratumSerializer(many=True)
