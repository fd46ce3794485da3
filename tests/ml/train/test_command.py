"""What ran out is called by its name, whichever library noticed, and the last checkpoint stays."""

import errno
import json
import logging
import re

import pytest
import torch
from safetensors import SafetensorError
from torch import nn

from ml.errors import DiskFull, OutOfMemory
from ml.train import __main__ as command
from ml.train import checkpoint

# As a write to a file system of 1 MiB fails.
FULL = SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")


@pytest.mark.parametrize(
    ("error", "named"),
    [
        (MemoryError(), OutOfMemory),
        (torch.cuda.OutOfMemoryError("CUDA out of memory."), OutOfMemory),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes."), OutOfMemory),
        (OSError(errno.ENOSPC, "No space left on device", "metrics.jsonl"), DiskFull),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), DiskFull),
        (FULL, DiskFull),
        (SafetensorError("I/O error: Disk quota exceeded (os error 122)"), DiskFull),
    ],
)
def test_what_ran_out_has_a_name_and_advice(error, named):
    with pytest.raises(named) as stopped, command.named():
        raise error
    assert "last checkpoint is whole" in stopped.value.hint


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes differ"), PermissionError(errno.EACCES, "no"), SafetensorError("HeaderTooLarge")]
)
def test_other_failures_keep_their_own_name(error):
    with pytest.raises(type(error), match=re.escape(str(error))), command.named():
        raise error


def test_a_disk_that_fills_up_at_a_checkpoint_leaves_the_one_before(tmp_path, monkeypatch):
    save(tmp_path, iteration=2)
    monkeypatch.setattr(checkpoint, "save_file", half_written)
    with pytest.raises(DiskFull), command.named():
        save(tmp_path, iteration=4)
    assert json.loads((tmp_path / "state" / "state.json").read_text())["iteration"] == 2
    monkeypatch.undo()
    save(tmp_path, iteration=4)
    assert json.loads((tmp_path / "state" / "state.json").read_text())["iteration"] == 4


def test_what_the_code_says_meanwhile_is_in_the_runs_log(tmp_path):
    logger = logging.getLogger("ml")
    level = logger.level
    command._logged_in(tmp_path)
    try:
        logging.getLogger("ml.models.anything").info("Compiling %s.", "a kernel")
    finally:
        logger.removeHandler(logger.handlers[-1])
        logger.setLevel(level)
    assert (tmp_path / "log.txt").read_text().endswith(" Compiling a kernel.\n")


def save(folder, *, iteration):
    model = nn.Linear(2, 2)
    parts = {"model": model, "average": nn.Linear(2, 2), "method": nn.Module()}
    optimiser = torch.optim.AdamW(model.parameters())
    checkpoint.save_state(folder, **parts, optimiser=optimiser, progress=checkpoint.Progress(iteration))


def half_written(_tensors, path):
    path.write_bytes(b"half")
    raise FULL
