"""The audit queue on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.audit.sampling import USUAL_SIZE
from webapp.core.fields import IdField
from webapp.footage.light import LIGHTS, LIGHTS_OR_UNKNOWN
from webapp.footage.models import Frame
from webapp.labels.serializers import FrameDetailSerializer
from webapp.team.models import Presence
from webapp.team.serializers import PresentSerializer

MAX_CLAIM = 20


class ClaimSerializer(serializers.Serializer[Any]):
    drive = IdField(required=False, allow_null=True)
    category = IdField(required=False, allow_null=True)
    state = serializers.ChoiceField(
        choices=[str(state) for state in Frame.CLAIMABLE_STATES],
        required=False,
        allow_null=True,
        help_text="`new`: frames that no model has labelled. They come only when asked for.",
    )
    light = serializers.ChoiceField(choices=LIGHTS, required=False, allow_null=True, help_text="By day or by night.")
    slice = IdField(required=False, allow_null=True, help_text="Frames of this saved question alone.")
    count = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MAX_CLAIM)
    exclude = serializers.ListField(child=IdField(), required=False, default=list, max_length=500)


class ClaimedSerializer(serializers.Serializer[Any]):
    frames = FrameDetailSerializer(many=True)
    lease_seconds = serializers.IntegerField()
    remaining = serializers.IntegerField()


class FrameIdsSerializer(serializers.Serializer[Any]):
    frames = serializers.ListField(child=IdField(), max_length=500)


class BeatSerializer(FrameIdsSerializer):
    at = IdField(required=False, allow_null=True, default=None, help_text="The frame that the person looks at.")
    place = serializers.ChoiceField(choices=Presence.Place.choices, required=False, default=Presence.Place.DESK)


class HeartbeatSerializer(serializers.Serializer[Any]):
    held = serializers.ListField(child=serializers.IntegerField())
    lost = serializers.ListField(child=serializers.IntegerField())
    lease_seconds = serializers.IntegerField()
    others = PresentSerializer(many=True)


class ReleasedSerializer(serializers.Serializer[Any]):
    released = serializers.ListField(child=serializers.IntegerField())


class DriveSummarySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    open_frames = serializers.IntegerField()
    audited_frames = serializers.IntegerField()
    new_frames = serializers.IntegerField(help_text="Neither pre-labelled nor drawn on.")
    top_risk = serializers.FloatField(allow_null=True)


class SummarySerializer(serializers.Serializer[Any]):
    open_frames = serializers.IntegerField()
    audited_frames = serializers.IntegerField()
    new_frames = serializers.IntegerField()
    open_boxes = serializers.IntegerField()
    missed_candidates = serializers.IntegerField(help_text="Boxes that may be objects without a label.")
    my_decisions_today = serializers.IntegerField()
    drives = DriveSummarySerializer(many=True)


class DrawSerializer(serializers.Serializer[Any]):
    size = serializers.IntegerField(required=False, default=USUAL_SIZE, min_value=1, max_value=10_000)


class StratumSerializer(serializers.Serializer[Any]):
    """A part of the sample with a bound of its own, at the same confidence; corrected once auditors are measured."""

    group = serializers.CharField(help_text="The categories' group; empty for regions to ignore.")
    light = serializers.ChoiceField(choices=LIGHTS_OR_UNKNOWN)
    size = serializers.ChoiceField(choices=["small", "medium", "large"])
    seen = serializers.IntegerField()
    wrong = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Drawn labels that still wait.")
    upper = serializers.FloatField(allow_null=True)
    enough = serializers.BooleanField()
    further = serializers.IntegerField(allow_null=True)
    sentence = serializers.CharField()


class SetAskedSerializer(serializers.Serializer[Any]):
    """Which labels are meant; without a word all of them, of all drives."""

    drive = serializers.ListField(child=IdField(), required=False, default=list, max_length=500)
    category = IdField(required=False)
    group = serializers.CharField(required=False, max_length=40)
    light = serializers.ChoiceField(choices=LIGHTS_OR_UNKNOWN, required=False)
    size = serializers.ChoiceField(choices=["small", "medium", "large"], required=False)


class SetBoundSerializer(serializers.Serializer[Any]):
    """The share of wrong labels among all those that are meant, over the samples of their drives together, anytime-valid."""

    target = serializers.FloatField()
    confidence = serializers.FloatField()
    labels = serializers.IntegerField(
        help_text="How many are meant, as their drives were drawn from; of a part, about so many."
    )
    seen = serializers.IntegerField()
    wrong = serializers.IntegerField()
    upper = serializers.FloatField(
        allow_null=True, help_text="At most this share is wrong; null while nothing bounds it."
    )
    corrected = serializers.FloatField(allow_null=True, help_text="The same with what the auditors overlook.")
    undrawn = serializers.ListField(child=serializers.CharField(), help_text="Drives without a sample.")
    sentence = serializers.CharField()


class AuditBoundSerializer(serializers.Serializer[Any]):
    """The share of wrong labels among those that the current sample was drawn from, anytime-valid."""

    target = serializers.FloatField()
    confidence = serializers.FloatField()
    sample = serializers.IntegerField(allow_null=True, help_text="Its number on the drive; null before the first draw.")
    size = serializers.IntegerField()
    population = serializers.IntegerField()
    seen = serializers.IntegerField(help_text="Drawn labels decided, in the order of the draw.")
    wrong = serializers.IntegerField(help_text="Those of them that a person changed or rejected.")
    upper = serializers.FloatField(allow_null=True, help_text="At most this share is wrong; null before any was seen.")
    enough = serializers.BooleanField()
    further = serializers.IntegerField(
        allow_null=True, help_text="More random labels expected; null: not at this rate."
    )
    replaced = serializers.BooleanField(help_text="Labels of the sample are gone: draw a new one.")
    corrected = serializers.FloatField(
        allow_null=True, help_text="`upper`, if auditors overlook as much as blind trials allow; null before any."
    )
    certified = serializers.BooleanField(help_text="Enough, corrected for what auditors overlook.")
    sensitivity = serializers.FloatField(allow_null=True, help_text="Share of the errors shown that they found.")
    sensitivity_low = serializers.FloatField(allow_null=True, help_text="Its lower limit, at which it is corrected.")
    errors_shown = serializers.IntegerField()
    errors_found = serializers.IntegerField()
    sentence = serializers.CharField()
    strata = StratumSerializer(many=True)
