"""Labels on the wire. Reads are plain values; these classes check what comes in and describe what goes out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from webapp.accounts.serializers import PersonSerializer
from webapp.core.fields import FiniteField, IdField
from webapp.labels.comparison import OUTCOMES
from webapp.labels.crops import MOST_CROPS
from webapp.labels.models import Box, BoxEvent
from webapp.labels.selectors import wire_id

KINDS = (
    *("accept", "reject", "dismiss", "restore", "relabel", "reshape", "create", "flag", "unsure"),
    *("undo", "finish", "reopen"),
)
SHAPE = ("x", "y", "width", "height")
NEEDS = {"relabel": ("category",), "reshape": SHAPE, "create": ("category", *SHAPE), "undo": ("operation",)}
WITHOUT_BOX = ("undo", "finish", "reopen")
MAX_OPERATIONS = 200


class OperationSerializer(serializers.Serializer[Any]):
    """One change. `id` is made by the client and is what makes a repeat harmless."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    box = serializers.UUIDField(required=False, help_text="The box's `client_id`; a new one for `create`.")
    category = IdField(required=False)
    x = FiniteField(required=False)
    y = FiniteField(required=False)
    width = FiniteField(required=False)
    height = FiniteField(required=False)
    occluded = serializers.BooleanField(required=False)
    truncated = serializers.BooleanField(required=False)
    crowd = serializers.BooleanField(required=False)
    operation = serializers.UUIDField(required=False, help_text="For `undo`: the operation to take back.")
    accept_rest = serializers.BooleanField(required=False, default=False)
    seconds = FiniteField(required=False, min_value=0, max_value=86_400)
    device = serializers.CharField(required=False, allow_blank=True, max_length=80)
    gesture = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = attrs["kind"]
        needed = NEEDS.get(kind, ()) + (() if kind in WITHOUT_BOX else ("box",))
        missing = {name: f"'{kind}' needs this." for name in needed if name not in attrs}
        if missing:
            raise serializers.ValidationError(missing)
        return attrs


class OperationsSerializer(serializers.Serializer[Any]):
    operations = serializers.ListField(child=OperationSerializer(), min_length=1, max_length=MAX_OPERATIONS)

    def validate_operations(self, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({operation["id"] for operation in operations}) < len(operations):
            raise serializers.ValidationError("Every operation needs an id of its own.")
        return operations


class SignalSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.FloatField()
    sentence = serializers.CharField()


class BoxSerializer(serializers.ModelSerializer[Box]):
    """COCO `[x, y, width, height]` in absolute pixels of the original frame."""

    signals = SignalSerializer(many=True)
    probs = serializers.DictField(child=serializers.FloatField())
    priority = serializers.FloatField(help_text="risk * severity / 2.75")

    class Meta:
        model = Box
        fields = [
            "id",
            "client_id",
            "category",
            "x",
            "y",
            "width",
            "height",
            "source",
            "state",
            "score",
            "probs",
            "risk",
            "severity",
            "priority",
            "signals",
            "track",
            "occluded",
            "truncated",
            "crowd",
            "cipo",
            "unsure",
        ]


class FrameBriefSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    state = serializers.CharField()
    risk = serializers.FloatField()
    version = serializers.IntegerField()


class NeighboursSerializer(serializers.Serializer[Any]):
    previous = serializers.IntegerField(allow_null=True)
    next = serializers.IntegerField(allow_null=True)


class HolderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class LeaseSerializer(serializers.Serializer[Any]):
    user = HolderSerializer()
    expires_at = serializers.DateTimeField()
    mine = serializers.BooleanField()


class FrameDetailSerializer(FrameBriefSerializer):
    """A frame as the desk opens it."""

    drive = serializers.IntegerField()
    drive_name = serializers.CharField()
    clip = serializers.IntegerField()
    index = serializers.IntegerField()
    time_ms = serializers.FloatField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    taxonomy = serializers.IntegerField()
    model = HolderSerializer(allow_null=True)
    lease = LeaseSerializer(allow_null=True)
    neighbours = NeighboursSerializer()
    open_boxes = serializers.IntegerField()
    total_boxes = serializers.IntegerField()
    boxes = BoxSerializer(many=True)


class CropsWantedSerializer(serializers.Serializer[Any]):
    category = IdField(required=False, help_text="Needed unless `missed`.")
    missed = serializers.BooleanField(required=False, default=False, help_text="Candidates of missed objects alone.")
    drive = IdField(required=False)
    count = serializers.IntegerField(required=False, default=MOST_CROPS, min_value=1, max_value=MOST_CROPS)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "category" not in attrs and not attrs["missed"]:
            raise serializers.ValidationError({"category": "Name a category, or ask for `missed`."})
        return attrs


class CropFrameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    drive = serializers.IntegerField()
    drive_name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    state = serializers.CharField()
    version = serializers.IntegerField()


class CropSerializer(serializers.Serializer[Any]):
    """A box to cut out of its frame, and who else has that frame now."""

    box = BoxSerializer()
    frame = CropFrameSerializer()
    held_by = serializers.CharField(allow_null=True)


class CropsSerializer(serializers.Serializer[Any]):
    results = CropSerializer(many=True)


class LabelSourceSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="model:<id>, person:<id> or imported")
    kind = serializers.ChoiceField(choices=("model", "person", "imported"))
    name = serializers.CharField(help_text="Empty for an import.")
    count = serializers.IntegerField()


class LabelSourcesSerializer(serializers.Serializer[Any]):
    results = LabelSourceSerializer(many=True)


class LabelComparisonWantedSerializer(serializers.Serializer[Any]):
    a = serializers.CharField(max_length=40)
    b = serializers.CharField(max_length=40)


class ComparedLabelSerializer(serializers.Serializer[Any]):
    """A label as its source left it."""

    box = serializers.UUIDField()
    category = serializers.IntegerField(allow_null=True)
    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()
    score = serializers.FloatField(allow_null=True)


class LabelPairSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    iou = serializers.FloatField(allow_null=True)
    a = ComparedLabelSerializer(allow_null=True)
    b = ComparedLabelSerializer(allow_null=True)


class OutcomeCountsSerializer(serializers.Serializer[Any]):
    agree = serializers.IntegerField()
    other_category = serializers.IntegerField()
    only_a = serializers.IntegerField()
    only_b = serializers.IntegerField()


class LabelComparisonSerializer(serializers.Serializer[Any]):
    a = LabelSourceSerializer()
    b = LabelSourceSerializer()
    counts = OutcomeCountsSerializer()
    pairs = LabelPairSerializer(many=True)


class AppliedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    duplicate = serializers.BooleanField()


class OperationsResultSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    frame = FrameBriefSerializer()
    boxes = BoxSerializer(many=True)
    applied = AppliedSerializer(many=True)


class EventSerializer(serializers.ModelSerializer[BoxEvent]):
    id = serializers.IntegerField(source="number", help_text="Its place in the frame's history, from 1.")
    undo_of = serializers.IntegerField(source="undoes", allow_null=True)
    box = serializers.SerializerMethodField()
    actor = serializers.SerializerMethodField()

    class Meta:
        model = BoxEvent
        fields = ["id", "client_id", "box", "kind", "before", "after", "actor", "seconds", "created_at", "undo_of"]

    def get_box(self, event: BoxEvent) -> int | None:
        return wire_id(event.box.client_id) if event.box else None

    @extend_schema_field(HolderSerializer(allow_null=True))
    def get_actor(self, event: BoxEvent) -> dict[str, Any] | None:
        return {"id": event.actor.id, "name": str(event.actor)} if event.actor else None


class RecentWantedSerializer(serializers.Serializer[Any]):
    actor = IdField(required=False, help_text="Somebody else, for who may take back what others did.")
    before = serializers.UUIDField(required=False, help_text="The id of an operation: what was done before it.")
    device = serializers.CharField(required=False, max_length=80, help_text="Where it was done: desk, grid, film.")
    drive = IdField(required=False)


class RecentOperationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    gesture = serializers.UUIDField(
        allow_null=True, help_text="Common to what one key did; of a film it is the id of the decision."
    )
    frame = serializers.IntegerField()
    track = serializers.IntegerField(allow_null=True, help_text="That the box is on now.")
    kind = serializers.ChoiceField(BoxEvent.Kind.choices)
    box = serializers.UUIDField(allow_null=True)
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_by = PersonSerializer(
        allow_null=True, help_text="Who else changed the box since: then it cannot be undone."
    )


class RecentOperationsSerializer(serializers.Serializer[Any]):
    results = RecentOperationSerializer(many=True)
