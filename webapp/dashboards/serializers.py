"""Home's numbers on the wire."""

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
