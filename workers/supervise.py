"""`python -m ml.train` as a child in a process group of its own: watched, stopped at a checkpoint, and never left behind."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ml.errors import RunBusy
from ml.train.run import RunFolder
from webapp.config.env import REPOSITORY
from workers.lifecycle import JobFailed, JobLost

POLL_S = 0.5
GRACE_S = 60.0  # from SIGTERM, in which a checkpoint is written, to SIGKILL
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
STDERR_TAIL = 2000
LIBC = ctypes.CDLL(None)  # loaded here: between fork and exec another thread's lock may be held for ever


class Tail:
    """Whole lines of a file that grows, each once."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset = path, 0

    def rows(self) -> list[dict[str, Any]]:
        """The JSON rows written since the last call. A shorter file than before was rewritten: all of it is new."""
        if not self._path.exists():
            return []
        if self._path.stat().st_size < self._offset:
            self._offset = 0
        with self._path.open("rb") as file:
            file.seek(self._offset)
            whole = file.read().rpartition(b"\n")[0]
        self._offset += len(whole) + bool(whole)
        return [json.loads(line) for line in whole.splitlines() if line]


def train(folder: Path, recipe: Mapping[str, Any], on_rows: Callable[[list[dict[str, Any]]], None]) -> dict[str, Any]:
    """Run the trainer in `folder` until it ends; its summary.

    `on_rows` gets new rows of metrics and is called twice a second besides; what it raises stops the child, which makes its checkpoint first.
    Raises:
        JobFailed: with the trainer's own reason. RunBusy: another trainer does not leave the folder.
    """
    _await_folder(folder, lambda: on_rows([]))
    for said_before in ("error.json", "summary.json"):  # by an earlier attempt; this one's end is another
        (folder / said_before).unlink(missing_ok=True)
    (folder / "recipe.json").write_text(json.dumps(recipe))
    metrics = Tail(folder / "metrics.jsonl")
    quiet = {"stdout": subprocess.DEVNULL}
    with (
        (folder / "stderr.txt").open("w") as stderr,
        _child(["--out", str(folder)], folder, stderr=stderr, **quiet) as child,
    ):
        while child.poll() is None:
            on_rows(metrics.rows())
            time.sleep(POLL_S)
    on_rows(metrics.rows())
    if child.returncode:
        raise _failure(folder, child.returncode)
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    return summary


def dry_run(folder: Path, recipe: Mapping[str, Any], on_poll: Callable[[], None]) -> dict[str, Any]:
    """What three steps of the recipe cost. Raises: JobFailed with the trainer's own reason."""
    (folder / "recipe.json").write_text(json.dumps(recipe))
    answer = folder / "estimate.json"
    with (
        answer.open("w") as stdout,
        (folder / "stderr.txt").open("w") as stderr,
        _child(["--dry-run", "--out", str(folder)], folder, stdout=stdout, stderr=stderr) as child,
    ):
        while child.poll() is None:
            on_poll()
            time.sleep(POLL_S)
    if child.returncode:
        raise _failure(folder, child.returncode)
    estimate: dict[str, Any] = json.loads(answer.read_text().splitlines()[-1])
    return estimate


@contextmanager
def _child(arguments: list[str], folder: Path, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Whatever happens in the block, no trainer outlives it: first it may write its checkpoint, then it is killed."""
    command = [*_launcher(), "-m", "ml.train", str(folder / "recipe.json"), *arguments]
    child = subprocess.Popen(  # noqa: S603 - our own words
        command, start_new_session=True, preexec_fn=partial(_die_with, os.getpid()), cwd=REPOSITORY, **pipes
    )
    try:
        yield child
    except JobLost:  # its successor waits for the folder: no checkpoint more from here
        _kill(child)
        raise
    finally:
        if child.poll() is None:
            _stop(child)


def _stop(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGTERM)
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _await_folder(folder: Path, on_poll: Callable[[], None]) -> None:
    """Until no trainer holds the folder: that of a worker which lost the job may need a moment to end. Raises: RunBusy."""
    patience_ends = time.monotonic() + GRACE_S
    while True:
        try:
            with RunFolder(folder).locked():
                return
        except RunBusy:
            if time.monotonic() > patience_ends:
                raise
        on_poll()
        time.sleep(POLL_S)


def _launcher() -> list[str]:
    """Python, or torchrun over the GPUs where there are several."""
    gpus = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    count = (
        len([gpu for gpu in gpus.split(",") if gpu.strip()]) if gpus else len(list(Path("/dev").glob("nvidia[0-9]*")))
    )
    several = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
    return [sys.executable, *(several if count > 1 else [])]


def _die_with(parent: int) -> None:
    """A worker that is killed takes its trainer along: the job's next attempt finds the folder free."""
    LIBC.prctl(PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _failure(folder: Path, returncode: int) -> Exception:
    """The trainer's error.json; or what its end looks like, where it had no time to write one."""
    path = folder / "error.json"
    if path.exists():
        return JobFailed(**json.loads(path.read_text()))
    if returncode == -signal.SIGKILL:
        return JobFailed(
            "out_of_memory",
            "The system killed the trainer, most likely for memory.",
            "Use a smaller batch or a smaller width and height, then resume: the last checkpoint is whole.",
        )
    last = (folder / "stderr.txt").read_text()[-STDERR_TAIL:].strip()
    return JobFailed("trainer_failed", f"The trainer ended with {returncode}: {last}", "See the run's log.")
