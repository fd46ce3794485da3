import signal
import subprocess
import sys
import time

from ml.edge.spool import ALARM_PRIORITY, LONGEST_PAUSE_S, Spool, pause_s

WRITER = """
import sys
from pathlib import Path
from ml.edge.spool import Spool
spool = Spool(Path(sys.argv[1]), "d1")
for number in range(100000):
    print(spool.put("frame", {"n": number}, at_ms=number, priority=1, data=b"x" * 2000), flush=True)
"""


def now_ms():
    return time.time() * 1000


def test_the_most_urgent_first_then_the_oldest(tmp_path):
    spool = Spool(tmp_path / "s.db", "d1")
    keys = [spool.put("frame", {}, at_ms=0, priority=priority) for priority in (1, 3, 1, 3)]
    order = []
    while item := spool.next():
        order.append(item.key)
        spool.done(item.key)
    assert order == [keys[1], keys[3], keys[0], keys[2]]


def test_a_key_never_comes_twice_not_even_after_a_restart(tmp_path):
    first = Spool(tmp_path / "s.db", "d1")
    keys = {first.put("frame", {}, at_ms=0, priority=1) for _ in range(3)}
    first.close()
    second = Spool(tmp_path / "s.db", "d1")
    keys |= {second.put("frame", {}, at_ms=0, priority=1) for _ in range(3)}
    assert len(keys) == 6


def test_a_failed_send_waits_and_comes_again(tmp_path):
    spool = Spool(tmp_path / "s.db", "d1")
    key = spool.put("frame", {"a": 1}, at_ms=0, priority=1, data=b"abc")
    spool.again(key, 10, now=100)
    assert spool.next(now=109) is None
    item = spool.next(now=110)
    assert (item.key, item.body, item.data, item.attempts) == (key, {"a": 1}, b"abc", 1)


def test_the_disk_is_bounded_and_the_least_useful_oldest_goes_first(tmp_path):
    spool = Spool(tmp_path / "s.db", "d1", max_bytes=50_000)
    alarm = spool.put("alarm", {}, at_ms=now_ms(), priority=ALARM_PRIORITY, data=b"a" * 5000)
    doubts = [spool.put("frame", {}, at_ms=now_ms(), priority=1, data=b"f" * 5000) for _ in range(6)]
    [spool.put("frame", {}, at_ms=now_ms(), priority=0, data=b"f" * 5000) for _ in range(6)]
    assert spool.bytes() <= 50_000
    left = []
    while item := spool.next():
        left.append(item.key)
        spool.done(item.key)
    assert left[:7] == [alarm, *doubts]
    assert spool.evicted == 13 - len(left)


def test_even_alarms_give_way_before_the_disk_is_full(tmp_path):
    spool = Spool(tmp_path / "s.db", "d1", max_bytes=20_000)
    for _ in range(20):
        spool.put("alarm", {}, at_ms=now_ms(), priority=ALARM_PRIORITY, data=b"a" * 5000)
    assert 0 < spool.bytes() <= 20_000


def test_a_rejected_item_is_not_sent_again(tmp_path):
    spool = Spool(tmp_path / "s.db", "d1")
    spool.reject(spool.put("frame", {}, at_ms=0, priority=1, data=b"x" * 9000), "too_large")
    assert spool.next() is None
    assert spool.bytes() < 1000


def test_nothing_that_put_returned_for_is_lost_by_kill_9(tmp_path):
    path = tmp_path / "s.db"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    said = [writer.stdout.readline().strip() for _ in range(50)]
    writer.send_signal(signal.SIGKILL)
    said += [line.strip() for line in writer.communicate()[0].splitlines() if line.count(":") == 2]
    spool, kept = Spool(path, "d1"), []
    while item := spool.next():
        assert len(item.data) == 2000
        kept.append(item.key)
        spool.done(item.key)
    assert set(said) <= set(kept)
    assert len(kept) == len(set(kept))


def test_pauses_grow_and_are_bounded():
    assert pause_s(0, 0.99) <= 1
    assert pause_s(30, 0.999) <= LONGEST_PAUSE_S
