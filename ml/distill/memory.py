"""Tensors on disk by key: whole files, written once, up to a limit."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

logger = logging.getLogger(__name__)


class Memory:
    """A folder that several runs may share at once. Past `room` bytes nothing more is kept, and everything goes on without."""

    def __init__(self, folder: Path, room: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._left = room - sum(path.stat().st_size for path in folder.glob("*/*.safetensors"))

    def recall(self, key: str) -> dict[str, Tensor] | None:
        """What was kept; a damaged file is as good as none."""
        path = self._path(key)
        if not path.exists():
            return None
        try:
            return load_file(path)
        except (SafetensorError, OSError) as error:
            logger.warning("%s is damaged and will be made again: %s", path.name, error)
            return None

    def keep(self, key: str, tensors: Mapping[str, Tensor]) -> None:
        """Written beside and put in place, so that nobody reads half of it. A full disk stops the keeping, not the training."""
        size = sum(part.numel() * part.element_size() for part in tensors.values())
        if size > self._left:
            return
        path = self._path(key)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(exist_ok=True)
            save_file(dict(tensors), fresh)
            fresh.replace(path)
        except (OSError, SafetensorError) as error:
            logger.warning("The teacher is remembered no further: %s", error)
            fresh.unlink(missing_ok=True)
            self._left = 0
            return
        self._left -= size

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.safetensors"
