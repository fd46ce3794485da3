"""C++ beside its Python file, built once for each kind of processor and kept in the cache of whoever runs this."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import logging
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import torch

logger = logging.getLogger(__name__)


def built(source: Path, kind: str, instructions: Sequence[str]) -> Any:
    """The module of a source for a `kind` of processor, given as flags; the first time it takes half a minute.

    Raises: OSError, RuntimeError or ImportError where there is no C++ compiler.
    """
    name = f"headway_{source.stem}_{kind.lower()}"
    flags = ["-O3", "-ffast-math", *instructions]
    library = _kept_in(source, [*flags, kind]) / f"{name}.so"
    if not library.exists():
        with _alone(library.parent) as folder:
            if not library.exists():
                return _build(source, name, flags, folder)
    return _loaded(name, library)


def _kept_in(source: Path, flags: Sequence[str]) -> Path:
    """A folder by what goes into the library, wherever the source lies: checkouts share it."""
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    made_from = hashlib.sha256(source.read_bytes() + f"{flags}{sys.version}{torch.__version__}".encode()).hexdigest()
    return cache_home / "headway" / f"{source.stem}-{made_from[:16]}"


@contextmanager
def _alone(folder: Path) -> Iterator[Path]:
    """The folder to ourselves, by a lock that dies with its holder.

    torch's own is a file: left by a build that was killed, every later build waited for it, without end and without a word.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "holder").open("w") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        yield folder


def _build(source: Path, name: str, flags: Sequence[str], folder: Path) -> Any:
    """Built aside and put in place whole: what is there can be loaded without asking ninja, which builds anew for another checkout's paths."""
    from torch.utils.cpp_extension import load

    logger.info("Compiling %s for this processor, which takes half a minute, once.", source.name)
    aside = folder / "build"
    shutil.rmtree(aside, ignore_errors=True)  # of a build that was killed
    aside.mkdir()
    own_tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # ninja comes with pip
    with mock.patch.dict(os.environ, {"PATH": own_tools}):
        module = load(name, [str(source)], extra_cflags=list(flags), build_directory=str(aside))
    (aside / f"{name}.so").replace(folder / f"{name}.so")
    shutil.rmtree(aside)
    return module


def _loaded(name: str, library: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, library)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
