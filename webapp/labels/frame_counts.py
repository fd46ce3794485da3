"""How many boxes a frame shows, as part of a frame query."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.shown import shown_boxes


def with_box_counts(frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """`open_boxes` and `total_boxes` of what the desk shows; one sub-select a row, on the index of (frame, state)."""
    shown = shown_boxes().filter(frame=OuterRef("pk"))
    return frames.annotate(
        open_boxes=_count(shown.filter(state__in=Box.OPEN_STATES)),
        total_boxes=_count(shown.exclude(state__in=[Box.State.REJECTED, Box.State.DISMISSED])),
    )


def _count(boxes: QuerySet[Box]) -> Coalesce:
    counted = boxes.order_by().values("frame").annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
