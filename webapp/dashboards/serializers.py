"""The dashboards' numbers on the wire."""

from typing import Any

from rest_framework import serializers


class WaitingSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    count = serializers.IntegerField()
    link = serializers.CharField()


class FootageNumbersSerializer(serializers.Serializer[Any]):
    drives = serializers.IntegerField()
    clips = serializers.IntegerField()
    clips_failed = serializers.IntegerField()
    hours = serializers.FloatField()


class OverviewSerializer(serializers.Serializer[Any]):
    footage = FootageNumbersSerializer()
    frames = serializers.DictField(child=serializers.IntegerField())
    boxes = serializers.DictField(child=serializers.IntegerField())
    jobs = serializers.DictField(child=serializers.IntegerField())
    datasets = serializers.DictField(child=serializers.IntegerField())
    models = serializers.DictField(child=serializers.IntegerField())
    waiting = WaitingSerializer(many=True)


class PartSerializer(serializers.Serializer[Any]):
    part = serializers.CharField(allow_blank=True)
    values = serializers.ListField(child=serializers.FloatField(allow_null=True))


class SeriesSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    unit = serializers.CharField()
    link = serializers.CharField()
    level = serializers.BooleanField(help_text="How it stood on the day, not what happened on it.")
    parts = PartSerializer(many=True)


class ApPointSerializer(serializers.Serializer[Any]):
    evaluation = serializers.IntegerField()
    at = serializers.DateTimeField()
    model = serializers.CharField()
    data = serializers.CharField()
    ap = serializers.FloatField(allow_null=True)


class DayFiguresSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="When the figures were rolled up.")
    days = serializers.ListField(child=serializers.DateField())
    series = SeriesSerializer(many=True)
    ap = ApPointSerializer(many=True)


class DaysSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(default=30, min_value=1, max_value=731)
