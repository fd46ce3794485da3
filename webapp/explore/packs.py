"""All vectors of a workspace in one file that is mapped into memory, centred and of length one, so that one product tells the nearest.

Made from the parts in the store when somebody first asks, and anew once parts changed, at most once a minute; it may be deleted at any time.
Read part by part, 100,000 frames took 450 ms of processor a question.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

STANDS_S = 60  # while parts change, as long as a drive is looked through
KEPT = 2  # of one name: somebody may be about to open the last one

Floats = NDArray[np.float32]
Rows = tuple[NDArray[np.int64], Floats]


@dataclass(frozen=True)
class Pack:
    ids: NDArray[np.int64]
    rows: Floats  # (N, D)
    mean: Floats  # (D,), taken off all of them


def pack_of(name: str, keys: Sequence[str], mean: Callable[[], Floats], read: Callable[[str, Floats], Rows]) -> Pack:
    """Of these parts. `read` gives a part's ids and its rows, centred by the mean and of length one."""
    root = Path(settings.FEATURES_ROOT)
    digest = hashlib.sha256("".join(keys).encode()).hexdigest()[:32]
    made = sorted(filter(_is_whole, root.glob(f"{name}-*")), key=lambda folder: folder.stat().st_mtime)
    wanted = root / f"{name}-{digest}"
    if not _is_whole(wanted) and made and time.time() - made[-1].stat().st_mtime < STANDS_S:
        wanted = made[-1]
    if not _is_whole(wanted):
        _make(wanted, mean(), keys, read)
        for old in made[: len(made) + 1 - KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    return _opened(wanted)


def files_of(workspaces: Iterable[int]) -> Iterator[Path]:
    """What this machine keeps of these workspaces' vectors."""
    for workspace in set(workspaces):
        yield from Path(settings.FEATURES_ROOT).glob(f"{workspace}-*/*")


def _is_whole(folder: Path) -> bool:
    """A removal of footage takes the files and leaves the folder."""
    return (folder / "ids.npy").exists()


def _make(folder: Path, mean: Floats, keys: Iterable[str], read: Callable[[str, Floats], Rows]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    ids = []
    with (temporary / "rows").open("wb") as file:
        for key in keys:
            of_part, rows = read(key, mean)
            if len(of_part):
                ids.append(of_part)
                file.write(rows.astype(np.float32, copy=False).tobytes())
    np.save(temporary / "ids.npy", np.concatenate(ids) if ids else np.empty(0, np.int64))
    np.save(temporary / "mean.npy", mean)
    try:
        os.rename(temporary, folder)
    except OSError:  # another process was faster
        shutil.rmtree(temporary)


def _opened(folder: Path) -> Pack:
    ids, mean = np.load(folder / "ids.npy"), np.load(folder / "mean.npy")
    if not len(ids):
        return Pack(ids, np.empty((0, len(mean)), np.float32), mean)
    return Pack(ids, np.memmap(folder / "rows", np.float32, "r").reshape(len(ids), -1), mean)
