"""Which labels people see: the one rule of the desk, the grid, the counts and the team."""

from django.db.models import F, Q, QuerySet

from webapp.footage.models import Frame
from webapp.labels.models import Box


def waiting_boxes() -> QuerySet[Box]:
    """Open boxes that the desk shows: those of the drive's label model, or of a person, on frames that are not audited.

    Open boxes of an audited frame are another model's later predictions, and are not shown.
    """
    return Box.objects.filter(_waiting(), state__in=Box.OPEN_STATES)


def shown_boxes() -> QuerySet[Box]:
    """All that a person made or decided, and what waits."""
    return Box.objects.filter(~Q(state__in=Box.OPEN_STATES) | _waiting())


def is_shown(state: str, model: int | None, frame_state: str, label_model: int | None) -> bool:
    """The rule of `shown_boxes`, for rows that were read without their frames."""
    of_label_model = model is None or model == label_model
    return state not in Box.OPEN_STATES or (of_label_model and frame_state != Frame.State.AUDITED)


def _waiting() -> Q:
    of_label_model = Q(model_version__isnull=True) | Q(model_version=F("frame__drive__label_model"))
    return of_label_model & ~Q(frame__state=Frame.State.AUDITED)
