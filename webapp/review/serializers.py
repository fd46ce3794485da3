"""Conversations and verdicts on the wire."""

from typing import Any

from rest_framework import serializers

from webapp.core.fields import FiniteField, IdField
from webapp.labels.serializers import HolderSerializer
from webapp.review.models import Review

LONGEST_TEXT = 4000


class TextSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)


class BeginThreadSerializer(TextSerializer):
    """Pinned to `box`, or to the point `x`, `y` in pixels, or to the frame."""

    box = serializers.UUIDField(required=False, allow_null=True)
    x = FiniteField(required=False, allow_null=True)
    y = FiniteField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("x") is None) != (attrs.get("y") is None):
            raise serializers.ValidationError({"x": "A point has both x and y."})
        return attrs


class ResolveSerializer(serializers.Serializer[Any]):
    resolved = serializers.BooleanField()
    version = serializers.IntegerField(help_text="The thread's, as it was read.")


class EditCommentSerializer(TextSerializer):
    version = serializers.IntegerField(help_text="The comment's, as it was read.")


class CommentSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    author = HolderSerializer()
    text = serializers.CharField()
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)


class ThreadSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    frame = serializers.IntegerField()
    frame_name = serializers.CharField()
    drive = serializers.IntegerField()
    drive_name = serializers.CharField()
    box = serializers.UUIDField(allow_null=True)
    x = serializers.FloatField(allow_null=True)
    y = serializers.FloatField(allow_null=True)
    resolved_by = HolderSerializer(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    comments = CommentSerializer(many=True)


class FrameThreadsSerializer(serializers.Serializer[Any]):
    results = ThreadSerializer(many=True)


class ThreadsWantedSerializer(serializers.Serializer[Any]):
    open = serializers.BooleanField(required=False, allow_null=True, default=None)
    drive = IdField(required=False)
    annotator = IdField(required=False, help_text="Only on frames that this person finished last.")


class ReviewWriteSerializer(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Review.Verdict.choices)
    seen = IdField(allow_null=True, help_text="The verdict that stood when the frame was looked at; null for none.")
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_TEXT)
    box = serializers.UUIDField(required=False, allow_null=True, help_text="What the text is about.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["verdict"] == Review.Verdict.RETURNED and not attrs["text"].strip():
            raise serializers.ValidationError({"text": "Say what is to be done."})
        return attrs


class ReviewSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=Review.Verdict.choices)
    by = HolderSerializer()
    annotator = HolderSerializer(allow_null=True)
    thread = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


class FrameReviewsSerializer(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(choices=Review.Stage.choices)
    results = ReviewSerializer(many=True)


class ReviewRowsWantedSerializer(serializers.Serializer[Any]):
    stage = serializers.ChoiceField(choices=Review.Stage.choices)
    drive = IdField(required=False)
    annotator = IdField(
        required=False, help_text="Only what this person finished last, or, in `returned`, what was given back to them."
    )
    mine = serializers.BooleanField(required=False, default=False, help_text="Only what was returned to who asks.")


class ReviewCountsSerializer(serializers.Serializer[Any]):
    unreviewed = serializers.IntegerField()
    reworked = serializers.IntegerField()
    changed = serializers.IntegerField()
    returned = serializers.IntegerField()
    accepted = serializers.IntegerField()
    returned_to_me = serializers.IntegerField()
    open_threads = serializers.IntegerField()


class ReviewRowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    drive = serializers.IntegerField()
    drive_name = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=Review.Stage.choices)
    annotator = HolderSerializer(allow_null=True)
    review = ReviewSerializer(allow_null=True)
    open_threads = serializers.IntegerField()
