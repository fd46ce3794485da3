"""The folder of a run: one trainer at a time, metrics line by line, models put in place whole."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.errors import RunBusy
from ml.train.checkpoint import put_in_place


class RunFolder:
    """`metrics.jsonl`, `log.txt`, `state/`, `model/`, `best/`, `summary.json` of a run, under `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises: RunBusy when another process trains here; the lock goes with its process, however it ends."""
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunBusy(f"Another process trains in {self.path}.") from error
            yield

    def forget_after(self, iteration: int) -> None:
        """Drop the rows of steps that will be taken again, and what an earlier end said."""
        for name in ("summary.json", "error.json"):
            (self.path / name).unlink(missing_ok=True)
        path = self.path / "metrics.jsonl"
        if not path.exists():
            return
        whole = [line for line in path.read_text().splitlines() if line.endswith("}")]
        kept = [line for line in whole if json.loads(line)["iteration"] <= iteration]
        fresh = path.with_suffix(".new")
        fresh.write_text("".join(f"{line}\n" for line in kept))
        fresh.replace(path)

    def record(self, kind: str, iteration: int, **values: Any) -> None:
        """One row of the metrics."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"kind": kind, "iteration": iteration, **values, "at": at}
        with (self.path / "metrics.jsonl").open("a") as file:
            file.write(json.dumps(row, allow_nan=False) + "\n")

    def log(self, sentence: str) -> None:
        """One line for a person."""
        with (self.path / "log.txt").open("a") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {sentence}\n")

    def write(self, name: str, values: dict[str, Any]) -> None:
        """A JSON file, whole or not at all."""
        fresh = self.path / f"{name}.new"
        fresh.write_text(json.dumps(values, allow_nan=False))
        fresh.replace(self.path / name)

    def save_model(self, name: str, save: Callable[[Path], None]) -> Path:
        """What `save` writes, as the folder `name`."""
        fresh = self.path / f"{name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        save(fresh)
        put_in_place(fresh, self.path / name)
        return self.path / name
