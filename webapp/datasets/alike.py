"""Drives that show the same pictures: a proposal of splits puts them into one, so that freezing has no frames to leave out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.data.near_duplicates import near_pairs
from webapp.footage.models import Frame

ALIKE = 0.1  # of the pictures of the drive that has fewer


def alike_drives(drives: Sequence[int]) -> list[list[int]]:
    """The drives in groups, most of them alone; those of a group have at least a tenth of their pictures in common, directly or by way of others."""
    rows = np.fromiter(
        Frame.objects.filter(drive__in=drives).order_by().values_list("drive", "phash").iterator(chunk_size=10_000),
        dtype=[("drive", np.int64), ("phash", np.int64)],
    )
    held = np.unique(rows)  # a picture counts once a drive
    hashes, places = np.unique(held["phash"].view(np.uint64), return_inverse=True)
    owners: dict[int, list[int]] = defaultdict(list)
    for place, drive in zip(places.tolist(), held["drive"].tolist(), strict=True):
        owners[place].append(drive)
    pictures = {drive: int((held["drive"] == drive).sum()) for drive in drives}
    leader = {drive: drive for drive in drives}
    for (a, b), count in _in_common(hashes, owners).items():
        if count >= ALIKE * min(pictures[a], pictures[b]):
            leader[_led(leader, a)] = _led(leader, b)
    groups: dict[int, list[int]] = defaultdict(list)
    for drive in drives:
        groups[_led(leader, drive)].append(drive)
    return list(groups.values())


def _in_common(hashes: NDArray[np.uint64], owners: Mapping[int, list[int]]) -> dict[tuple[int, int], int]:
    """How many pictures of the one of two drives the other has too, the fewer of both ways."""
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for place, drives in owners.items():
        for a in drives:
            for b in drives:
                if a != b:
                    found[a, b].add(place)
    first = np.array([owners[place][0] for place in range(len(hashes))], np.int64)
    shared = np.array([len(owners[place]) > 1 for place in range(len(hashes))], bool)
    for i, j in near_pairs(hashes):
        across = (first[i] != first[j]) | shared[i] | shared[j]  # most pairs are neighbours in one drive
        for one, other in zip(i[across].tolist(), j[across].tolist(), strict=True):
            for a in owners[one]:
                for b in owners[other]:
                    if a != b:
                        found[a, b].add(one)
                        found[b, a].add(other)
    return {(a, b): min(len(places), len(found[b, a])) for (a, b), places in list(found.items()) if a < b}


def _led(leader: Mapping[int, int], drive: int) -> int:
    while leader[drive] != drive:
        drive = leader[drive]
    return drive
