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
    fleet = serializers.DictField(child=serializers.IntegerField())
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
    data = serializers.CharField()  # type: ignore[assignment]  # a serializer has a property of that name
    ap = serializers.FloatField(allow_null=True)
    slices = serializers.DictField(
        child=serializers.DictField(child=serializers.FloatField(allow_null=True)),
        help_text="AP by category, size, light and so on: the cut, its part, its AP.",
    )


class BalanceVersionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    dataset = serializers.IntegerField()
    name = serializers.CharField()


class BalanceRowSerializer(serializers.Serializer[Any]):
    category = serializers.CharField()
    labels = serializers.FloatField(help_text="Its share of the labels that people stand by.")
    training = serializers.FloatField(help_text="Its share of the training data.")


class BalanceSerializer(serializers.Serializer[Any]):
    version = BalanceVersionSerializer(allow_null=True, help_text="What the serving model was trained on.")
    drift = serializers.FloatField(allow_null=True, help_text="Half the sum of the differences.")
    rows = BalanceRowSerializer(many=True)


class DayFiguresSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(help_text="When the figures were rolled up.")
    days = serializers.ListField(child=serializers.DateField())
    series = SeriesSerializer(many=True)
    ap = ApPointSerializer(many=True)
    balance = BalanceSerializer()


class DaysSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(default=30, min_value=1, max_value=731)


class LedgerLineSerializer(serializers.Serializer[Any]):
    """What auditing between two evaluations of the same data gave. Other things changed too: this is what was spent, not what caused it."""

    data = serializers.CharField()  # type: ignore[assignment]  # a serializer has a property of that name
    evaluation = serializers.IntegerField()
    before = serializers.IntegerField(help_text="The evaluation that it is measured against.")
    model = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    decisions = serializers.IntegerField()
    hours = serializers.FloatField()
    ap = serializers.FloatField()
    gained = serializers.FloatField()
    low = serializers.FloatField(allow_null=True, help_text="Of the paired bootstrap, where the two were compared.")
    high = serializers.FloatField(allow_null=True)
    per_hour = serializers.FloatField(allow_null=True, help_text="None where nobody audited between.")
    cost = serializers.FloatField(allow_null=True)


class LedgerSerializer(serializers.Serializer[Any]):
    audit_hour_cost = serializers.FloatField(allow_null=True)
    lines = LedgerLineSerializer(many=True)


class WeeksSerializer(serializers.Serializer[Any]):
    back = serializers.IntegerField(default=1, min_value=0, max_value=104)


class DigestFigureSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    unit = serializers.CharField()
    link = serializers.CharField()
    value = serializers.FloatField()
    before = serializers.FloatField()


class DigestPersonSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    decisions = serializers.IntegerField()


class DigestSerializer(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField(help_text="Its Sunday.")
    figures = DigestFigureSerializer(many=True)
    people = DigestPersonSerializer(many=True)
    versions = serializers.ListField(child=serializers.CharField())
    promoted = serializers.ListField(child=serializers.CharField())
    failed_jobs = serializers.ListField(child=serializers.CharField())
    alarms = serializers.IntegerField()
    ledger = LedgerLineSerializer(many=True)
