"""What waits for an audit and what is done, by drive; and how many labels wait."""

import random
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Min, QuerySet

from webapp.accounts.models import Workspace
from webapp.footage.models import Drive, Frame
from webapp.labels.drive_tallies import Tally, drive_tallies, frames_in
from webapp.labels.models import Box

EXACT_FRAMES = 1_000  # whose open labels are counted each
DRAWN_FRAMES = 200  # of more; some 2,400 labels, so a twentieth of them is known to one in a hundred
REMEMBERED_S = 60
SEED = 17  # the same draw for the same footage: numbers that do not jump between two looks


def audited_by_drive(workspace: Workspace, drive: int | None) -> list[dict[str, Any]]:
    """Of each drive that has any: its open, audited and new frames and the highest risk that waits."""
    drives = Drive.objects.filter(workspace=workspace, **({"id": drive} if drive else {}))
    names = dict(drives.values_list("id", "name"))
    rows = [{"id": id, "name": names[id], **_row(tally)} for id, tally in drive_tallies(workspace, names).items()]
    kept = [row for row in rows if row["open_frames"] or row["audited_frames"] or row["new_frames"]]
    return sorted(kept, key=lambda row: (-row["open_frames"], row["id"]))


def waiting_labels(frames: QuerySet[Frame], open_frames: int, *, of: str) -> tuple[int, int]:
    """Open labels, and missed objects that the desk shows, of these frames, of which there are `open_frames`.

    Of many about so many, from frames drawn by chance: what one of them holds in the mean is remembered for a minute under the name `of`.
    """
    if open_frames <= EXACT_FRAMES:
        labels, missed, _ = _labels_in(frames)
        return labels, missed
    name = f"labels-of-a-frame:{of}"
    mean = cache.get(name)
    if mean is None:
        labels, missed, read = _labels_in(frames.filter(id__in=_draw(open_frames)))
        mean = labels / max(read, 1), missed / max(read, 1)
        cache.set(name, mean, timeout=REMEMBERED_S)
    return round(mean[0] * open_frames), round(mean[1] * open_frames)


def _labels_in(frames: QuerySet[Frame]) -> tuple[int, int, int]:
    """Open labels, missed objects, and how many frames were read for it."""
    models = dict(frames.order_by().values_list("id", "drive__label_model"))
    waiting = Box.objects.filter(frame__in=models, state__in=Box.OPEN_STATES)
    found = waiting.order_by().values_list("frame", "state", "model_version").annotate(n=Count("id"))
    labels = missed = 0
    for frame, state, model, n in found:
        labels += n
        missed += n * (state == Box.State.MISSED_CANDIDATE and model in (None, models[frame]))
    return labels, missed, len(models)


def _draw(open_frames: int) -> list[int]:
    """Ids of frames of any kind, as many as should hold the wanted number of open ones."""
    ends = Frame.objects.aggregate(low=Min("id"), high=Max("id"))  # of all, which the key answers at once
    span = range(ends["low"], ends["high"] + 1)
    return random.Random(SEED).sample(span, min(len(span), round(DRAWN_FRAMES * len(span) / open_frames)))


def _row(tally: Tally) -> dict[str, Any]:
    waiting = [tally[state] for state in Frame.OPEN_STATES if state in tally]
    return {
        "open_frames": sum(count for count, _ in waiting),
        "audited_frames": frames_in(tally, [Frame.State.AUDITED]),
        "new_frames": frames_in(tally, [Frame.State.NEW]),
        "top_risk": max((risk for _, risk in waiting), default=None),
    }
