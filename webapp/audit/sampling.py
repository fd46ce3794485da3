"""Drawing the random stratum: a drive's undecided labels in an order that a recorded seed gives."""

import random
import secrets
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max

from webapp.accounts.models import User
from webapp.audit.models import AuditSample, DrawnLabel
from webapp.core.errors import Conflict
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box

USUAL_SIZE = 1000


@transaction.atomic
def sample_draw(*, drive: Drive, created_by: User, size: int = USUAL_SIZE, seed: int | None = None) -> AuditSample:
    """Draw up to `size` of the labels that nobody has decided about, at most one a track; it takes the place of the sample before.

    One a track makes long tracks a little rarer once the sample holds many of a drive's tracks. What flickers is wrong more often than what
    stays, so that the bound errs to the safe side.

    Raises:
        Conflict `nothing_to_draw`: no label waits for its audit.
    """
    Drive.objects.select_for_update().get(id=drive.id)
    labels = list(_undecided(drive))
    if not labels:
        raise Conflict("nothing_to_draw", "No label of this drive waits for its audit: pre-label it first.")
    seed = secrets.randbits(48) if seed is None else seed
    chosen = list(_one_a_track(labels, seed))[:size]
    number = (drive.audit_samples.aggregate(n=Max("number"))["n"] or 0) + 1
    drive.audit_samples.filter(current=True).update(current=False)
    sample = AuditSample.objects.create(
        drive=drive, number=number, seed=seed, population=len(labels), size=len(chosen), created_by=created_by
    )
    DrawnLabel.objects.bulk_create(
        DrawnLabel(sample=sample, box_id=box, number=place) for place, box in enumerate(chosen, start=1)
    )
    return sample


def _undecided(drive: Drive) -> Iterator[tuple[int, int | None]]:
    """(box, track) of what the desk shows as a label to be audited; a missed candidate is none yet."""
    labels = Box.objects.filter(
        frame__drive=drive, frame__state__in=Frame.OPEN_STATES, state=Box.State.PENDING, model_version=drive.label_model
    )
    yield from labels.order_by("id").values_list("id", "track_id").iterator()


def _one_a_track(labels: list[tuple[int, int | None]], seed: int) -> Iterator[int]:
    shuffled = list(labels)
    random.Random(seed).shuffle(shuffled)
    tracks: set[int] = set()
    for box, track in shuffled:
        if track not in tracks:
            yield box
        if track is not None:
            tracks.add(track)
