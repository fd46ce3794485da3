import time

import pytest

from ml.edge.commander import Commander, CommandFailed
from ml.edge.link import Answer, FleetLink
from ml.edge.spool import Spool


class Wire:
    """Records acknowledgements; `down` is a network that is not there."""

    def __init__(self, commands=()):
        self.commands, self.told, self.down = list(commands), [], False

    def call(self, method, path, *, body=None, **_):
        if self.down:
            raise OSError("cut")
        if method == "POST":
            self.told.append((path.split("/")[1], body["state"]))
            return Answer(200, {}, {})
        return Answer(200, {"results": self.commands, "server_ms": time.time() * 1000}, {})


def command(id="c1", kind="ping", *, lives_s=60, **args):
    return {"id": id, "kind": kind, "args": args, "expires_ms": (time.time() + lives_s) * 1000}


@pytest.fixture
def done():
    return []


@pytest.fixture
def commander(tmp_path, done):
    def fail(_):
        raise CommandFailed("no room")

    def refuse(_):
        raise ValueError("out of range")

    handlers = {"ping": lambda args: done.append(args) or {"ok": 1}, "fail": fail, "refuse": refuse}
    return Commander(Spool(tmp_path / "s.db", "d"), Wire(), handlers)


@pytest.mark.parametrize(
    ("kind", "state"), [("ping", "succeeded"), ("fail", "failed"), ("refuse", "rejected"), ("unheard", "rejected")]
)
def test_every_command_is_answered_with_its_end(commander, kind, state):
    commander.obey(command(kind=kind))
    assert commander.link.told[-1] == ("c1", state)


def test_a_replayed_command_runs_once_and_is_answered_the_same(commander, done):
    assert commander.obey(command()) == commander.obey(command())
    assert len(done) == 1


def test_an_expired_command_never_runs_even_on_a_device_with_a_wrong_clock(commander, done):
    commander.clock_ahead_ms = -3_600_000  # the device lives an hour in the past
    assert commander.obey(command(lives_s=1800))["state"] == "expired"
    assert done == []


def test_a_command_that_a_power_cut_interrupted_is_not_run_again(commander, done):
    commander.spool.remember("command:c1", "null")
    assert commander.obey(command())["result"] == {"reason": "interrupted"}
    assert done == []


def test_an_end_that_could_not_be_told_is_told_later(commander, done):
    commander.link.down = True
    with pytest.raises(OSError):
        commander.obey(command())
    commander.link.down = False
    commander.obey(command())
    assert commander.link.told == [("c1", "succeeded")]
    assert len(done) == 1


def test_plain_http_to_another_machine_is_refused():
    with pytest.raises(ValueError, match="https"):
        FleetLink("http://fleet.example.org", "t")
    FleetLink("http://127.0.0.1:8000", "t")


class Pauses:
    """A stop that notes for how long one waits, and comes after three."""

    def __init__(self):
        self.seconds = []

    def is_set(self):
        return len(self.seconds) == 3

    def wait(self, seconds):
        self.seconds.append(seconds)


def test_a_device_stays_away_as_long_as_it_is_told_and_never_floods_a_server_that_answers_at_once(commander):
    answers = iter([{"again_s": 20.0}, {}, {"again_s": 1e9}])
    commander.link.call = lambda *_, **__: Answer(200, {"results": [], "server_ms": 0.0, **next(answers)}, {})
    commander.run(stop := Pauses())
    assert stop.seconds == [20.0, 1.0, 300.0]
