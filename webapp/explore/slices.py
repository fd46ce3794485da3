"""The frames of a saved question, for whoever makes something of it: the queue, a version, an evaluation."""

from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import Workspace
from webapp.core.errors import DomainError
from webapp.explore.asked import Asked
from webapp.explore.matching import frames_matching, narrowed
from webapp.explore.models import Slice
from webapp.footage.models import Frame


def slice_named(workspace: Workspace, id: int) -> Slice:
    """Raises: DomainError `unknown_slice`."""
    found = Slice.objects.filter(workspace=workspace, id=id).first()
    if found is None:
        raise DomainError("unknown_slice", f"There is no slice {id} here.", fields={"slice": "Unknown slice."})
    return found


def in_slice(frames: QuerySet[Frame], workspace: Workspace, id: int) -> QuerySet[Frame]:
    """Those of these frames that the slice takes today."""
    return narrowed(frames, workspace, Asked.of(slice_named(workspace, id).asked))


def in_question(frames: QuerySet[Frame], workspace: Workspace, asked: dict[str, Any]) -> QuerySet[Frame]:
    """Those of these frames that a kept copy of a question takes; all of them where there is none."""
    return narrowed(frames, workspace, Asked.of(asked)) if asked else frames


def drives_of_slice(found: Slice) -> list[int]:
    """The drives that it has frames of."""
    frames = frames_matching(found.workspace, Asked.of(found.asked))
    return sorted(frames.order_by().values_list("drive", flat=True).distinct())
