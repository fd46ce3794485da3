"""Which model the device runs: installed by a command, checked by its hash, tried on a picture, and put back when it fails."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from ml.edge.commander import CommandFailed
from ml.edge.detector import Finds, load_finder
from ml.edge.link import FleetLink
from ml.edge.spool import Spool
from ml.errors import MlError

PROBE = np.zeros((360, 640, 3), np.uint8)


class Releases:
    """`current` and `previous` survive a restart; `factory` is what the agent was started with."""

    def __init__(self, spool: Spool, folder: Path, factory: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._spool, self._folder = spool, folder
        known = json.loads(spool.fact("releases") or "{}")
        self.current: dict[str, str] = known.get("current") or {"version": "factory", "ref": factory}
        self.previous: dict[str, str] | None = known.get("previous")

    def load(self) -> Finds:
        """The current model, or, where it cannot be loaded any more, the one before.

        Raises:
            MlError: neither loads.
        """
        try:
            return load_finder(self.current["ref"])
        except MlError:
            if self.previous is None:
                raise
            self._settle(self.previous, None)
            return load_finder(self.current["ref"])

    def install(self, link: FleetLink, arguments: dict[str, Any]) -> Finds:
        """Fetch, check, try; only then is it the current one.

        Raises:
            CommandFailed: no network, another hash than promised, or a model that does not run here.
        """
        version, sha256 = str(arguments["version"]), str(arguments["sha256"])
        path = self._folder / f"{sha256}{'.zip' if arguments.get('format') == 'zip' else '.onnx'}"
        if not path.exists() or _sha256(path.read_bytes()) != sha256:
            self._fetch(link, f"releases/{arguments['release']}/file/", path, sha256)
        ref = str(path) if path.suffix == ".zip" else f"yolox-onnx:{path}"
        try:
            finder = load_finder(ref)
            finder.predict(PROBE)
        except Exception as error:  # whatever a foreign file does, the device keeps the model that works
            raise CommandFailed(f"release {version} does not run here: {error}") from error
        if self.current["version"] != version:
            self._settle({"version": version, "ref": ref}, self.current)
        return finder

    def roll_back(self) -> Finds:
        """To the model before.

        Raises:
            CommandFailed: there is none, or it does not load.
        """
        if self.previous is None:
            raise CommandFailed("there is no earlier release on this device")
        try:
            finder = load_finder(self.previous["ref"])
        except MlError as error:
            raise CommandFailed(f"release {self.previous['version']} does not load: {error.detail}") from error
        self._settle(self.previous, None)
        return finder

    def _fetch(self, link: FleetLink, where: str, path: Path, sha256: str) -> None:
        try:
            data = link.download(where)
        except OSError as error:
            raise CommandFailed(f"the release could not be fetched: {error}") from error
        if _sha256(data) != sha256:
            raise CommandFailed("the release's bytes are not those that were promised")
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)

    def _settle(self, current: dict[str, str], previous: dict[str, str] | None) -> None:
        self.current, self.previous = current, previous
        self._spool.remember("releases", json.dumps({"current": current, "previous": previous}))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
