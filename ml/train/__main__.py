"""`python -m ml.train RECIPE.json --out RUN`: train, or go on where the run stopped. With `torchrun` on several GPUs."""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers.utils.logging import disable_progress_bar

from ml.errors import DiskFull, MlError, OutOfMemory
from ml.train.dry_run import dry_run
from ml.train.engine import train
from ml.train.recipe import read_recipe
from ml.train.run import RunFolder

FULL = (errno.ENOSPC, errno.EDQUOT)


def main() -> int:
    """0 when done or stopped, 1 with RUN/error.json when something was wrong."""
    options = _options()
    disable_progress_bar()  # type: ignore[no-untyped-call]  # nobody watches a trainer's terminal but its log
    if options.out is not None:
        _logged_in(options.out)
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _: asked_to_stop.append(n))  # a checkpoint first, then the end
    try:
        with named():
            recipe = read_recipe(options.recipe)
            summary = (
                dry_run(recipe) if options.dry_run else train(recipe, options.out, stop=lambda: bool(asked_to_stop))
            )
    except MlError as error:
        print(f"{error.code}: {error.detail} {error.hint}".rstrip(), file=sys.stderr)
        _leave(options.out, error)
        return 1
    if summary:
        print(json.dumps(summary))
    return 0


class RunLog(logging.Handler):
    """What the code has to say meanwhile, such as that a kernel is being compiled, as lines of the run's log."""

    def __init__(self, run: RunFolder) -> None:
        super().__init__(logging.INFO)
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        self._run.log(record.getMessage())


def _logged_in(folder: Path) -> None:
    if os.environ.get("RANK", "0") == "0":  # of torchrun's processes one speaks for all
        logging.getLogger("ml").addHandler(RunLog(RunFolder(folder)))
        logging.getLogger("ml").setLevel(logging.INFO)


@contextmanager
def named() -> Iterator[None]:
    """Memory and disk that ran out, by their names and with what to do. Raises: OutOfMemory, DiskFull."""
    try:
        yield
    except (MemoryError, torch.cuda.OutOfMemoryError) as error:
        raise _too_large(error) from error
    except RuntimeError as error:
        if "can't allocate memory" not in str(error) and "not enough memory" not in str(error):
            raise
        raise _too_large(error) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise _no_room(error.filename) from error
    except SafetensorError as error:  # no OSError: the number is in its words alone
        if not any(f"(os error {number})" in str(error) for number in FULL):
            raise
        raise _no_room() from error


def _no_room(path: str | None = None) -> DiskFull:
    return DiskFull(
        f"No room left for '{path or 'the checkpoint'}'.",
        hint="Free some space, then resume: the last checkpoint is whole.",
    )


def _too_large(error: BaseException) -> OutOfMemory:
    return OutOfMemory(
        f"Not enough memory: {(str(error).splitlines() or ['allocation failed'])[0]}",
        hint="Use a smaller batch or a smaller width and height; the last checkpoint is whole.",
    )


def _leave(folder: Path | None, error: MlError) -> None:
    """The reason, where the product looks for it; best effort, as the disk may be full."""
    if folder is None:
        return
    try:
        RunFolder(folder).write("error.json", {"code": error.code, "detail": error.detail, "hint": error.hint})
    except OSError as failure:
        print(f"error.json could not be written: {failure}", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--out", type=Path, metavar="RUN", help="the folder of the run")
    parser.add_argument(
        "--dry-run", action="store_true", help="time and memory from three steps, as JSON; nothing is kept"
    )
    options = parser.parse_args()
    if not options.dry_run and options.out is None:
        parser.error("--out is needed unless it is a --dry-run")
    return options


if __name__ == "__main__":
    sys.exit(main())
