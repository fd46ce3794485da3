"""A proposal of splits for drives: whole drives, stratified, with how far each share is off from what was asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count

from webapp.datasets.alike import alike_drives
from webapp.datasets.card import UNKNOWN, hour_of
from webapp.datasets.splits import GDDA, PLAIN, TEST, TEST_GT, TRAIN, TRAIN_GT, TRAIN_PSEUDO, VAL
from webapp.datasets.stratify import FRAMES, stratified
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box

SCHEMES = {"plain": PLAIN, "gdda": GDDA}
STRATA = ("category", "hour", "weather")
AUDITED_ENOUGH = 0.5  # of a drive's frames: then it goes among the audited ones, else into TrainPseudo


def splits_propose(
    drives: Sequence[Drive],
    *,
    scheme: str,
    val: float,
    test: float,
    by: Sequence[str] = STRATA,
    include_unaudited: bool = False,
    seed: int = 0,
) -> dict[str, Any]:
    """Places for every drive that has anything to bring, and the report. TrainPseudo takes the drives that are mostly unaudited.

    Drives that show the same pictures go to one split. Those in TrainPseudo are not compared: freezing leaves their doubles out.
    """
    states = _frames_by_state(drives)
    audited_only = scheme == "gdda" or not include_unaudited
    pseudo = [drive.id for drive in drives if scheme == "gdda" and _audited_share(states[drive.id]) < AUDITED_ENOUGH]
    chosen = [drive for drive in drives if drive.id not in pseudo]
    strata = {drive.id: row for drive in chosen if (row := _strata(drive, states[drive.id], by, audited_only))}
    if "category" in by:
        for drive, name, count in _boxes(list(strata), audited_only):
            strata[drive][f"category: {name}"] = count
    asked = _asked(scheme, val, test)
    groups = alike_drives(list(strata))
    found = stratified({group[0]: _together(strata, group) for group in groups}, asked, seed=seed) if strata else None
    placed = {drive: found.splits[group[0]] for group in groups for drive in group} if found else {}
    places = placed | {id: TRAIN_PSEUDO for id in pseudo if _waiting(states[id])}
    return {
        "places": [{"drive": drive.id, "split": places[drive.id]} for drive in drives if drive.id in places],
        "asked": asked,
        "seed": seed,
        "report": sorted(_report(found.shares if found else {}, asked), key=lambda row: (-row["off"], row["stratum"])),
    }


def _together(strata: Mapping[int, Mapping[str, float]], group: Sequence[int]) -> dict[str, float]:
    """What drives hold that must go to one split, as if they were one."""
    total: dict[str, float] = defaultdict(float)
    for drive in group:
        for name, held in strata[drive].items():
            total[name] += held
    return total


def _asked(scheme: str, val: float, test: float) -> dict[str, float]:
    if scheme == "gdda":
        return {TRAIN_GT: 1 - test, TEST_GT: test}
    return {name: share for name, share in ((TRAIN, 1 - val - test), (VAL, val), (TEST, test)) if share > 0}


def _report(shares: Mapping[str, Mapping[str, float]], asked: Mapping[str, float]) -> list[dict[str, Any]]:
    return [
        {"stratum": name, "shares": got, "off": max(abs(got[split] - asked[split]) for split in asked)}
        for name, got in shares.items()
    ]


def _frames_by_state(drives: Sequence[Drive]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = {drive.id: {} for drive in drives}
    rows = Frame.objects.filter(drive__in=drives).order_by().values_list("drive", "state").annotate(n=Count("id"))
    for drive, state, count in rows:
        counts[drive][state] = count
    return counts


def _audited_share(states: dict[str, int]) -> float:
    kept = sum(count for state, count in states.items() if state != Frame.State.EXCLUDED)
    return states.get(Frame.State.AUDITED, 0) / kept if kept else 0.0


def _waiting(states: dict[str, int]) -> int:
    return sum(states.get(state, 0) for state in Frame.OPEN_STATES)


def _strata(drive: Drive, states: dict[str, int], by: Sequence[str], audited_only: bool) -> dict[str, float]:
    kept = {state: count for state, count in states.items() if state != Frame.State.EXCLUDED}
    frames = kept.get(Frame.State.AUDITED, 0) if audited_only else sum(kept.values())
    if not frames:
        return {}
    row = defaultdict(float, {FRAMES: float(frames)})
    for name, value in (("hour", hour_of(drive)), ("weather", drive.weather or UNKNOWN)):
        if name in by:
            row[f"{name}: {value}"] += frames
    return row


def _boxes(drives: list[int], audited_only: bool) -> list[tuple[int, str, int]]:
    states = [Box.State.ACCEPTED, Box.State.EDITED, *([] if audited_only else [Box.State.PENDING])]
    boxes = Box.objects.filter(frame__drive__in=drives, state__in=states, category__isnull=False)
    if audited_only:
        boxes = boxes.filter(frame__state=Frame.State.AUDITED)
    rows = boxes.order_by().values_list("frame__drive", "category__name").annotate(n=Count("id"))
    return [(drive, name, count) for drive, name, count in rows]
