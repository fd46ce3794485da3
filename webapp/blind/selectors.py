"""Reads of blind trials: which frames allow one, and what they measured."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.audit.models import Lease
from webapp.blind.models import AuditMix, BlindTrial, GoldFrame
from webapp.core.planning import joined_as_written
from webapp.footage.light import by_light
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box, BoxEvent

NAMED = 200  # gold frames, or frames with a label that somebody was unsure of, among which one is looked for
DRIVES_LOOKED_AT, DRIVES_TRIED = 64, 3  # in one search for a trial; where none fits, this claim has none
IDS_TRIED = 200  # on either side of a place: of a drive where hardly a frame fits, reading all took 50 ms
REMEMBERED = timedelta(days=1)  # a frame that the person worked on within it is no blind one for them


def mix_of(workspace: Workspace) -> AuditMix:
    return AuditMix.objects.filter(workspace=workspace).first() or AuditMix(workspace=workspace)


def any_audited(workspace: Workspace) -> bool:
    """Whether there is any frame to try."""
    audited = Frame.objects.filter(workspace=workspace, state=Frame.State.AUDITED)
    # In the order of the index: without one, PostgreSQL looks through the table until it meets one.
    return audited.order_by("-risk", "id").values_list("id", flat=True).first() is not None


def trial_frames(
    workspace: Workspace, user: User, kind: str, count: int, *, chance: Random, unsure: bool = False, **filters: Any
) -> list[int]:
    """Up to `count` frames for blind trials: those that the person began first, then others from a random place on.

    `unsure`: those alone with a label that its person was unsure of.
    """
    doubted = _with_unsure_labels(workspace, chance) if unsure and count > 0 else []
    if count <= 0 or (unsure and not doubted):  # as nearly always
        return []
    return _trial_frames(workspace, user, kind, count, chance=chance, doubted=doubted, **filters)


@joined_as_written()
def _trial_frames(
    workspace: Workspace,
    user: User,
    kind: str,
    count: int,
    *,
    chance: Random,
    doubted: Sequence[int],
    exclude: Sequence[int] = (),
    drive: int | None = None,
    category: int | None = None,
    light: str | None = None,
    **_: Any,
) -> list[int]:
    lent = Exists(Lease.objects.filter(frame=OuterRef("pk"), released_at__isnull=True))
    frames = Frame.objects.filter(workspace=workspace, state=Frame.State.AUDITED).exclude(id__in=exclude).filter(~lent)
    if drive is not None:
        frames = frames.filter(drive=drive)
    if light is not None:
        frames = frames.filter(by_light(light))
    right = Box.objects.filter(frame=OuterRef("pk"), source=Box.Source.PSEUDO)
    if kind != BlindTrial.Kind.CONSENSUS:
        right = right.filter(state=Box.State.ACCEPTED)
    # By the frame's boxes, not by all of a model's; as below.
    right = right.alias(of=F("model_version") + 0).filter(of=OuterRef("drive__label_model"))
    frames = frames.filter(Exists(right if category is None else right.filter(category=category)))
    if doubted:
        frames = frames.filter(id__in=doubted)
    mine = BlindTrial.objects.filter(user=user, kind=kind, finished_at__isnull=True, closed_at__isnull=True)
    known = list(mine.values_list("frame", flat=True))
    begun = list(frames.filter(id__in=known).values_list("id", flat=True)[:count]) if known else []
    fresh = _unknown_to(user, frames)
    if kind == BlindTrial.Kind.CONSENSUS:
        fresh = _once_seen(user, fresh)
    if kind == BlindTrial.Kind.GOLD or doubted:  # few, so they are named
        named = doubted or _gold(workspace, chance)
        ids = list(fresh.filter(id__in=named).values_list("id", flat=True))
        return begun + chance.sample(ids, min(len(ids), count - len(begun)))
    return begun + _from_somewhere(workspace, fresh, count - len(begun), chance, drive=drive)


def _with_unsure_labels(workspace: Workspace, chance: Random) -> list[int]:
    doubted = Box.objects.filter(unsure=True, frame__workspace=workspace, frame__state=Frame.State.AUDITED)
    return _some(list(doubted.order_by("frame").values_list("frame", flat=True).distinct()), chance)


def _gold(workspace: Workspace, chance: Random) -> list[int]:
    return _some(list(GoldFrame.objects.filter(frame__workspace=workspace).values_list("frame", flat=True)), chance)


def _some(ids: list[int], chance: Random) -> list[int]:
    return chance.sample(ids, min(len(ids), NAMED))


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
    lately = BoxEvent.objects.filter(frame=OuterRef("pk"), created_at__gt=timezone.now() - REMEMBERED)
    tried = BlindTrial.objects.filter(frame=OuterRef("pk"), user=user)
    return frames.filter(~Exists(_of(user, lately)), ~Exists(tried))


def _once_seen(user: User, frames: QuerySet[Frame]) -> QuerySet[Frame]:
    """Finished by one person, never touched by this one, and nobody's second opinion yet."""
    theirs = BoxEvent.objects.filter(frame=OuterRef("pk"), actor__isnull=False)
    second = BlindTrial.objects.filter(frame=OuterRef("pk"), kind=BlindTrial.Kind.CONSENSUS)
    finished = theirs.filter(kind=BoxEvent.Kind.FINISHED)
    return frames.filter(Exists(finished), ~Exists(_of(user, theirs)), ~Exists(second))


def _of(user: User, events: QuerySet[BoxEvent]) -> QuerySet[BoxEvent]:
    """The person's among a frame's events. Without the sum SQLite reads all that they ever did, frame by frame."""
    return events.alias(by=F("actor") + 0).filter(by=user.id)


def _from_somewhere(
    workspace: Workspace, frames: QuerySet[Frame], count: int, chance: Random, *, drive: int | None
) -> list[int]:
    """Frames of a few drives drawn by chance, from a random place of each. From a random id on, a search read every frame behind it where the audited ones lie before."""
    found: list[int] = []
    for id, low, high in _audited_drives(workspace, drive, chance) if count > 0 else ():
        start = chance.randint(low, high)
        ids = frames.filter(drive=id).order_by("id").values_list("id", flat=True)
        found += ids.filter(id__range=(start, start + IDS_TRIED))[: count - len(found)]
        if len(found) < count:
            found += ids.filter(id__range=(start - IDS_TRIED, start - 1))[: count - len(found)]
        if len(found) == count:
            break
    return found


def _audited_drives(workspace: Workspace, drive: int | None, chance: Random) -> Iterator[tuple[int, int, int]]:
    """Some drives with an audited frame, and the ends of their frames' ids."""
    drives = Drive.objects.filter(workspace=workspace, **({"id": drive} if drive else {}))
    ids = list(drives.values_list("id", flat=True))
    drawn = chance.sample(ids, min(len(ids), DRIVES_LOOKED_AT))
    audited = Frame.objects.filter(drive=OuterRef("pk"), state=Frame.State.AUDITED).order_by("-risk", "id")
    there = Drive.objects.filter(id__in=drawn).annotate(any=Subquery(audited.values("id")[:1]))
    some = {id for id, any in there.values_list("id", "any") if any is not None}
    for id in [id for id in drawn if id in some][:DRIVES_TRIED]:
        # Of a sum, since PostgreSQL looks for the least id itself along the ids of all drives: 330 ms of 1.5 million frames, now and then.
        ends = Frame.objects.filter(drive=id).aggregate(low=Min(F("id") + 0), high=Max(F("id") + 0))
        yield id, ends["low"], ends["high"]
