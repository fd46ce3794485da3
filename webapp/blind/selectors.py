"""Reads of blind trials: which frames allow one, and what they measured."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.audit.models import Lease
from webapp.blind.models import AuditMix, BlindTrial, GoldFrame
from webapp.footage.light import by_light
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent

REMEMBERED = timedelta(days=1)  # a frame that the person worked on within it is no blind one for them


def mix_of(workspace: Workspace) -> AuditMix:
    return AuditMix.objects.filter(workspace=workspace).first() or AuditMix(workspace=workspace)


def any_audited(workspace: Workspace) -> bool:
    """Whether there is any frame to try."""
    return Frame.objects.filter(workspace=workspace, state=Frame.State.AUDITED).exists()


def trial_frames(
    workspace: Workspace,
    user: User,
    kind: str,
    count: int,
    *,
    chance: Random,
    exclude: Sequence[int] = (),
    drive: int | None = None,
    category: int | None = None,
    light: str | None = None,
    unsure: bool = False,
    **_: Any,
) -> list[int]:
    """Up to `count` frames for blind trials: those that the person began first, then others from a random place on.

    `unsure`: those alone with a label that its person was unsure of.
    """
    if count <= 0:
        return []
    lent = Exists(Lease.objects.filter(frame=OuterRef("pk"), released_at__isnull=True))
    frames = Frame.objects.filter(workspace=workspace, state=Frame.State.AUDITED).exclude(id__in=exclude).filter(~lent)
    if drive is not None:
        frames = frames.filter(drive=drive)
    if light is not None:
        frames = frames.filter(by_light(light))
    right = Box.objects.filter(frame=OuterRef("pk"), source=Box.Source.PSEUDO)
    if kind != BlindTrial.Kind.CONSENSUS:
        right = right.filter(state=Box.State.ACCEPTED)
    right = right.filter(model_version=OuterRef("drive__label_model"))
    frames = frames.filter(Exists(right if category is None else right.filter(category=category)))
    if unsure:
        frames = frames.filter(id__in=Box.objects.filter(unsure=True).values("frame"))
    mine = BlindTrial.objects.filter(user=user, kind=kind, finished_at__isnull=True, closed_at__isnull=True)
    begun = list(frames.filter(id__in=mine.values("frame")).values_list("id", flat=True)[:count])
    fresh = _unknown_to(user, frames)
    if kind == BlindTrial.Kind.GOLD:
        fresh = fresh.filter(gold__isnull=False)
    if kind == BlindTrial.Kind.CONSENSUS:
        fresh = _once_seen(user, fresh)
    return begun + _from_somewhere(fresh, count - len(begun), chance)


def held_trials(
    user: User,
    workspace: Workspace,
    *,
    drive: int | None = None,
    category: int | None = None,
    light: str | None = None,
    **_: Any,
) -> dict[int, float]:
    """Trials that this person has on loan and has not finished: their risk, by frame."""
    held = Lease.objects.filter(frame=OuterRef("frame"), user=user, released_at__isnull=True)
    trials = BlindTrial.objects.filter(
        Exists(held), user=user, frame__workspace=workspace, finished_at__isnull=True, closed_at__isnull=True
    )
    if drive is not None:
        trials = trials.filter(frame__drive=drive)
    if light is not None:
        trials = trials.filter(by_light(light, "frame__"))
    if category is not None:
        trials = trials.filter(Exists(Box.rows.filter(trial=OuterRef("pk"), category=category)))
    return dict(trials.values_list("frame", "risk"))


def open_by_drive(user: User, workspace: Workspace) -> dict[int, int]:
    """How many frames of each drive wait for this person alone, which audited frames are for everybody else."""
    trials = BlindTrial.objects.filter(user=user, frame__workspace=workspace, finished_at__isnull=True)
    rows = trials.filter(closed_at__isnull=True).order_by().values_list("frame__drive").annotate(n=Count("id"))
    return dict(rows)


def gold_frames(workspace: Workspace) -> QuerySet[GoldFrame]:
    gold = GoldFrame.objects.filter(frame__workspace=workspace)
    return gold.select_related("frame__drive", "marked_by").order_by("-id")


def _unknown_to(user: User, frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Neither tried before by this person nor worked on of late."""
    worked = BoxEvent.objects.filter(frame=OuterRef("pk"), actor=user, created_at__gt=timezone.now() - REMEMBERED)
    tried = BlindTrial.objects.filter(frame=OuterRef("pk"), user=user)
    return frames.filter(~Exists(worked), ~Exists(tried))


def _once_seen(user: User, frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Finished by one person, never touched by this one, and nobody's second opinion yet."""
    theirs = BoxEvent.objects.filter(frame=OuterRef("pk"), actor__isnull=False)
    second = BlindTrial.objects.filter(frame=OuterRef("pk"), kind=BlindTrial.Kind.CONSENSUS)
    finished = theirs.filter(kind=BoxEvent.Kind.FINISHED)
    return frames.filter(Exists(finished), ~Exists(theirs.filter(actor=user)), ~Exists(second))


def _from_somewhere(frames: QuerySet[Frame], count: int, chance: Random) -> list[int]:
    """Frames from a random id on, and from the beginning where that is too near the end. Listing all of a million to choose some costs more."""
    if count <= 0:
        return []
    ends = Frame.objects.aggregate(first=Min("id"), last=Max("id"))  # of all, which the primary key answers at once
    start = chance.randint(ends["first"] or 0, ends["last"] or 0)
    ids = frames.order_by("id").values_list("id", flat=True)
    found = list(ids.filter(id__gte=start)[:count])
    return found + list(ids.filter(id__lt=start)[: count - len(found)])
