"""One file of all vectors: made once, anew when parts changed, though not for each part of a drive that is being looked through."""

import os

import numpy as np
import pytest

from webapp.explore import packs
from webapp.explore.packs import pack_of


@pytest.fixture
def asked(settings, tmp_path):
    """Ask for a pack of these parts; a part's one row holds its number, and the list says which were read."""
    settings.FEATURES_ROOT = tmp_path
    read = []

    def ask(*keys):
        def part(key, mean):
            read.append(key)
            return np.array([int(key)]), np.full((1, 2), float(key), np.float32) - mean

        return pack_of("1-frame", keys, lambda: np.array([1, 0], np.float32), part), read

    return ask


def test_parts_are_read_once(asked):
    for _ in range(2):
        pack, read = asked("3", "5")
    assert (pack.ids.tolist(), pack.rows.tolist(), read) == ([3, 5], [[2, 3], [4, 5]], ["3", "5"])


def test_what_changed_is_seen_a_minute_later_and_old_files_go(asked, tmp_path):
    asked("3")
    assert asked("3", "5")[0].ids.tolist() == [3]
    for keys in (["3", "5"], ["3", "5", "7"], ["3", "5", "7", "9"]):
        for folder in tmp_path.iterdir():
            age = folder.stat().st_mtime - packs.STANDS_S - 1
            os.utime(folder, (age, age))
        assert asked(*keys)[0].ids.tolist() == [int(key) for key in keys]
    assert len(list(tmp_path.iterdir())) == packs.KEPT


def test_without_vectors_there_is_nothing_near(asked):
    pack, _ = asked()
    assert (pack.ids.size, pack.rows.shape) == (0, (0, 2))


def test_what_a_removal_took_is_made_again_from_what_is_left(asked):
    asked("3", "5")
    files = list(packs.files_of([1, 1, 2]))
    assert sorted(path.name for path in files) == ["ids.npy", "mean.npy", "rows"]
    for path in files:
        path.unlink()
    assert asked("3")[0].ids.tolist() == [3]
