"""C++ beside its Python file, built once for each kind of processor and kept in the cache of whoever runs this."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import torch


def built(source: Path, kind: str, instructions: Sequence[str]) -> Any:
    """The module of a source for a `kind` of processor, given as flags; the first time it takes half a minute.

    Raises: OSError, RuntimeError or ImportError where there is no C++ compiler.
    """
    from torch.utils.cpp_extension import load

    own_tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # ninja comes with pip
    flags = ["-O3", "-ffast-math", *instructions]
    name = f"headway_{source.stem}_{kind.lower()}"
    with mock.patch.dict(os.environ, {"PATH": own_tools}), _alone(_kept_in(source, kind)) as folder:
        return load(name, [str(source)], extra_cflags=flags, build_directory=str(folder))


def _kept_in(source: Path, kind: str) -> Path:
    """One folder for each source, torch and kind of processor, by content and place: ninja builds anew when a path in its command changes."""
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = f"{source}{sys.prefix}{sys.version}{torch.__version__}{kind}"
    made_from = hashlib.sha256(source.read_bytes() + place.encode()).hexdigest()
    return cache_home / "headway" / f"{source.stem}-{kind.lower()}-{made_from[:16]}"


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """The folder to ourselves, by a lock that dies with its holder.

    torch's own is a file: left by a build that was killed, every later build waited for it, without end and without a word.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "holder").open("w") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        (folder / "lock").unlink(missing_ok=True)
        yield folder
