"""Store and forward: what the device has to say, on its disk until the server has it. Survives kill -9 and power cuts.

SQLite with a write-ahead log and a full sync: `put` returns when the bytes are on the disk. Every item has a key `device:boot:number`
that never comes twice, so that the server knows a repeated one. Bounded: the least useful, then the oldest goes first.

    waiting -> (gone: the server has it) | rejected
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 300.0
KEEP_ALARMS_DAYS = 7
ALARM_PRIORITY = 3
ROW_COST = 512  # what a row weighs beside its bytes

_TABLES = """
CREATE TABLE IF NOT EXISTS item (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, priority INTEGER NOT NULL,
    at_ms REAL NOT NULL, body TEXT NOT NULL, data BLOB, size INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting', reason TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS next_item ON item (state, priority DESC, number);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One message for the server: `body` is JSON, `data` the picture or clip that belongs to it."""

    key: str
    kind: str
    priority: int
    at_ms: float
    body: dict[str, Any]
    data: bytes
    attempts: int


class Spool:
    """One device's store; threads of one process may share it."""

    def __init__(self, path: Path, device: str, *, max_bytes: int = 2_000_000_000) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(
            "PRAGMA synchronous=FULL"
        )  # fsync at each commit: a power cut loses nothing that `put` returned for
        self._db.executescript(_TABLES)
        self.device, self.max_bytes = device, max_bytes
        self.boot = int(self.fact("boot") or 0) + 1
        self.remember("boot", str(self.boot))
        self.evicted = int(self.fact("evicted") or 0)
        self._count = 0

    def put(self, kind: str, body: dict[str, Any], *, at_ms: float, priority: int, data: bytes = b"") -> str:
        """Keep a message; its key."""
        with self._lock:
            self._count += 1
            key = f"{self.device}:{self.boot}:{self._count}"
            text = json.dumps(body)
            size = len(data) + len(text) + ROW_COST
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.execute(
                    "INSERT INTO item (key, kind, priority, at_ms, body, data, size) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (key, kind, priority, at_ms, text, data, size),
                )
                self._make_room()
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            return key

    def next(self, now: float | None = None) -> Item | None:
        """The most urgent item whose pause is over: by priority, then by age."""
        now = time.time() if now is None else now
        row = self._row(
            "SELECT key, kind, priority, at_ms, body, data, attempts FROM item "
            "WHERE state = 'waiting' AND not_before <= ? ORDER BY priority DESC, number LIMIT 1",
            (now,),
        )
        return Item(row[0], row[1], row[2], row[3], json.loads(row[4]), row[5] or b"", row[6]) if row else None

    def done(self, key: str) -> None:
        """The server has it."""
        self._write("DELETE FROM item WHERE key = ?", (key,))

    def again(self, key: str, pause_s: float, now: float | None = None) -> None:
        now = time.time() if now is None else now
        self._write("UPDATE item SET attempts = attempts + 1, not_before = ? WHERE key = ?", (now + pause_s, key))

    def reject(self, key: str, reason: str) -> None:
        """The server will never take it: its bytes go, the reason stays."""
        self._write(
            "UPDATE item SET state = 'rejected', data = NULL, size = ?, reason = ? WHERE key = ?",
            (ROW_COST, reason, key),
        )

    def waiting(self) -> int:
        row = self._row("SELECT COUNT(*) FROM item WHERE state = 'waiting'")
        return int(row[0]) if row else 0

    def bytes(self) -> int:
        row = self._row("SELECT COALESCE(SUM(size), 0) FROM item")
        return int(row[0]) if row else 0

    def fact(self, name: str) -> str | None:
        """What `remember` wrote; survives a restart."""
        row = self._row("SELECT value FROM fact WHERE name = ?", (name,))
        return str(row[0]) if row else None

    def remember(self, name: str, value: str) -> None:
        self._write(
            "INSERT INTO fact VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
        )

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _make_room(self) -> None:
        """Young alarms go only when nothing else is left: a bound that does not hold is none."""
        young = (time.time() - KEEP_ALARMS_DAYS * 86_400) * 1000
        total = self._db.execute("SELECT COALESCE(SUM(size), 0) FROM item").fetchone()[0]
        while total > self.max_bytes:
            row = self._db.execute(
                "SELECT number, size FROM item ORDER BY state = 'waiting', priority >= ? AND at_ms > ?, priority, number LIMIT 1",
                (ALARM_PRIORITY, young),
            ).fetchone()
            if row is None:
                return
            self._db.execute("DELETE FROM item WHERE number = ?", (row[0],))
            total -= row[1]
            self.evicted += 1
            self._db.execute(
                "INSERT INTO fact VALUES ('evicted', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(self.evicted),),
            )

    def _row(self, sql: str, values: tuple[Any, ...] = ()) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._db.execute(sql, values).fetchone()
            return row

    def _write(self, sql: str, values: tuple[Any, ...]) -> None:
        with self._lock:
            self._db.execute(sql, values)


def pause_s(attempts: int, chance: float) -> float:
    """Exponential back-off with full jitter; `chance` in [0, 1) is drawn by the caller."""
    return max(0.2, chance * min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(attempts, 12)))
