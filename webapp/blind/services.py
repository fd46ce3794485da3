"""Writes of blind trials: opening them within a claim, closing old ones, marking gold frames, the mix."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.blind.models import AuditMix, BlindTrial, GoldFrame
from webapp.blind.planting import Shown, as_proposed, plant, truth_of
from webapp.blind.selectors import mix_of, trial_frames
from webapp.control.acts import act_record
from webapp.core.errors import Conflict
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values, pooled_risk

CLOSED_AFTER = timedelta(hours=1)  # from then on nobody takes back the finish of a trial


def trials_wanted(workspace: Workspace, count: int, chance: Random) -> dict[str, int]:
    """How many of `count` claimed frames are to be trials, by kind; of one frame at a time, the share in the mean."""
    mix = mix_of(workspace)
    shares = {
        BlindTrial.Kind.SEEDED: mix.seeded_share,
        BlindTrial.Kind.GOLD: mix.gold_share,
        BlindTrial.Kind.CONSENSUS: mix.consensus_share,
    }
    places = {str(kind): int(count * share + chance.random()) for kind, share in shares.items()}
    return {kind: number for kind, number in places.items() if number and count > 0}


def trials_take(
    workspace: Workspace,
    user: User,
    wanted: dict[str, int],
    *,
    chance: Random,
    exclude: Sequence[int] = (),
    **filters: Any,
) -> list[int]:
    """Frames for a claim that are blind trials of this person; locked.

    Those that were begun and given back come again. The caller puts them where they tell nothing.
    """
    found: list[int] = []
    for kind, places in wanted.items():
        for frame in trial_frames(workspace, user, kind, places, chance=chance, exclude=[*exclude, *found], **filters):
            if trial_open(frame_id=frame, user=user, kind=kind) is not None:
                found.append(frame)
    return found[: sum(wanted.values())]


def unsure_take(
    workspace: Workspace, user: User, count: int, *, chance: Random, exclude: Sequence[int] = (), **filters: Any
) -> list[int]:
    """Frames with labels that somebody else was unsure of, for this person's opinion; locked."""
    kind = BlindTrial.Kind.CONSENSUS
    frames = trial_frames(workspace, user, kind, count, chance=chance, exclude=exclude, unsure=True, **filters)
    return [frame for frame in frames if trial_open(frame_id=frame, user=user, kind=kind) is not None]


@transaction.atomic
def trial_open(*, frame_id: int, user: User, kind: str, seed: int | None = None) -> BlindTrial | None:
    """The person's trial of this frame, begun now or before; None where the frame allows none: no right label to start from."""
    frame = Frame.objects.select_related("drive__taxonomy").select_for_update(of=("self",), skip_locked=True)
    found = frame.filter(id=frame_id, state=Frame.State.AUDITED).first()
    if found is None:
        return None
    if known := BlindTrial.objects.filter(frame=found, user=user).first():
        return known if known.closed_at is None else None
    if kind == BlindTrial.Kind.CONSENSUS and BlindTrial.objects.filter(frame=found, kind=kind).exists():
        return None  # somebody was quicker
    seed = secrets.randbits(48) if seed is None else seed
    (shown, right), truth = as_proposed(found), truth_of(found)
    seeded = kind == BlindTrial.Kind.SEEDED
    if not shown.boxes or (seeded and (not right or not plant(shown, right, truth, found, Random(seed)))):
        return None
    trial = BlindTrial.objects.create(
        frame=found,
        user=user,
        kind=kind,
        seed=seed,
        error=shown.error,
        planted=shown.planted,
        truth=truth,
        risk=pooled_risk(shown.boxes),
    )
    _write(trial, shown)
    return trial


def trials_close(user: User) -> None:
    """What was finished a while ago is over: the person sees the frame itself again."""
    late = timezone.now() - CLOSED_AFTER
    done = BlindTrial.objects.filter(user=user, closed_at__isnull=True, finished_at__lt=late)
    done.update(closed_at=timezone.now())


def trial_leave(frame: Frame, user: User) -> None:
    """From now on the person sees the frame itself: they judge it."""
    BlindTrial.objects.filter(frame=frame, user=user, closed_at__isnull=True).update(closed_at=timezone.now())


def gold_mark(frame: Frame, *, marked_by: User) -> GoldFrame:
    """Vouch for an audited frame. Doing it twice changes nothing.

    Raises:
        Conflict `not_audited`.
    """
    if frame.state != Frame.State.AUDITED:
        raise Conflict("not_audited", "Only an audited frame can be gold: finish its audit first.")
    return GoldFrame.objects.get_or_create(frame=frame, defaults={"marked_by": marked_by})[0]


def gold_unmark(frame: Frame) -> None:
    GoldFrame.objects.filter(frame=frame).delete()


@transaction.atomic
def mix_set(workspace: Workspace, *, by: User, **shares: float) -> AuditMix:
    current, _ = AuditMix.objects.select_for_update().get_or_create(workspace=workspace)
    before = {name: getattr(current, name) for name in shares}
    act_record("audit_mix.changed", workspace, workspace=workspace, actor=by, before=before, after=dict(shares))
    return AuditMix.objects.update_or_create(workspace=workspace, defaults=shares)[0]


def _write(trial: BlindTrial, shown: Shown) -> None:
    """The boxes and their proposals, dated as those that they stand for."""
    for box in shown.boxes:
        box.trial = trial
    boxes = Box.objects.bulk_create(shown.boxes)
    BoxEvent.objects.bulk_create(
        BoxEvent(
            box=box,
            frame_id=trial.frame_id,
            trial=trial,
            kind=BoxEvent.Kind.PROPOSED,
            after=box_values(box),
            created_at=when,
        )
        for box, when in zip(boxes, shown.proposed_at, strict=True)
    )
