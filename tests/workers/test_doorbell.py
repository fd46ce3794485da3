"""A message file that a crash left empty or cut does not take the worker with it."""

from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem

from workers import app  # noqa: F401 - the worker's entry, which takes care of the broker's files
from workers.doorbell import CarefulChannel


@pytest.fixture
def channel(tmp_path):
    for name in ("in", "control"):
        (tmp_path / name).mkdir()
    folder = str(tmp_path / "in")
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": str(tmp_path / "control")}
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection.channel()


def test_the_worker_reads_with_care(channel):
    assert filesystem.Transport.Channel is CarefulChannel
    assert isinstance(channel, CarefulChannel)


@pytest.mark.parametrize("left", [b"", b'{"body": "half', b"\xff\xfe"], ids=["empty", "cut", "rotten"])
def test_what_cannot_be_read_is_dropped_and_the_next_message_comes(channel, tmp_path, left):
    (tmp_path / "in" / "0_a.default.msg").write_bytes(left)
    channel._put("default", {"body": "whole"})
    with pytest.raises(Empty):
        channel._get("default")
    assert channel._get("default") == {"body": "whole"}
    with pytest.raises(Empty):
        channel._get("default")
