"""Between the picture and the spool: encodes each frame once, in a thread of its own, and keeps evidence around an alarm.

The alarm's own row is on the disk before `alarm` returns; its frames follow. A full queue drops doubtful frames, never an alarm's.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ml.data.hashing import perceptual_hash
from ml.data.images import Pixels, encode_jpeg
from ml.edge.messages import alarm_json, uplink_json
from ml.edge.ring import FrameRing
from ml.edge.runtime import Moment
from ml.edge.sightings import SeenBatch, size_of
from ml.edge.spool import ALARM_PRIORITY, Spool
from ml.edge.uplink import ALARM, DOUBT, Uplink, UplinkPolicy

logger = logging.getLogger(__name__)
QUALITY = 80
WAITING = 8  # pictures; 2.8 MB each at 720p
EVIDENCE_MS = 5000.0  # before and after
EVIDENCE_EVERY_MS = 1000.0


@dataclass(frozen=True, slots=True)
class _Picture:
    image: Pixels
    at_ms: float
    moment: Moment
    uplink: Uplink | None


class Outbox:
    """One device's way from the camera to the disk. A recording that is not `live` waits for the disk instead of losing frames."""

    def __init__(self, spool: Spool, ring: FrameRing, policy: UplinkPolicy, *, live: bool = True) -> None:
        self.spool, self.ring, self.policy, self.live = spool, ring, policy, live
        self.sent: Counter[str] = Counter()
        self.dropped = 0
        self._seen = SeenBatch()
        self._queue: queue.Queue[_Picture | dict[str, Any] | None] = queue.Queue(WAITING)
        self._evidence: list[tuple[str, float]] = []  # (alarm key, until)
        self._noted: dict[str, float] = {}  # alarm key -> the last second after it that went up
        self._thread = threading.Thread(target=self._run, daemon=True, name="outbox")
        self._thread.start()

    def offer(self, image: Pixels, at_ms: float, moment: Moment) -> Uplink | None:
        """Take a frame and what was seen in it; why it is to go up, if it is."""
        keys = [self._alarm(alarm_json(alarm), at_ms) for alarm in moment.alarms]
        uplink = self.policy.wanted(
            at_ms,
            moment.doubt,
            alarms=[alarm.kind for alarm in moment.alarms],
            scene=list(moment.scene.labels),
            boxes=[(one.category, one.score) for one in moment.detections],
        )
        self._evidence += [(key, at_ms + EVIDENCE_MS) for key in keys]
        self._sight(moment, at_ms, (image.shape[1], image.shape[0]))
        if uplink is None and not self.ring.due(at_ms):
            return None
        wait = not self.live or (uplink is not None and uplink.priority == ALARM)
        try:
            self._queue.put(_Picture(image, at_ms, moment, uplink), block=wait)
        except queue.Full:
            self.dropped += 1
            return None
        return uplink

    def clip(self, start_ms: float, end_ms: float, about: dict[str, Any]) -> int:
        """Send what the ring still has of a span, around an alarm one frame a second; how many frames."""
        frames = self.ring.between(start_ms, end_ms)
        if "alarm" in about:
            frames = _thinned(frames)
        for at_ms, jpeg in frames:
            self._put(jpeg, at_ms, {"trigger": "clip", **about}, ALARM_PRIORITY - 1)
        return len(frames)

    def close(self) -> None:
        """Everything that was offered is on the disk when this returns."""
        if message := self._seen.take():
            self._queue.put(message)
        self._queue.put(None)
        self._thread.join()

    def _alarm(self, body: dict[str, Any], at_ms: float) -> str:
        self.sent["alarm"] += 1
        return self.spool.put("alarm", body, at_ms=at_ms, priority=ALARM_PRIORITY + 1)

    def _sight(self, moment: Moment, at_ms: float, size: tuple[int, int]) -> None:
        """Where key frames go up, the boxes of the others follow them."""
        message = self._seen.add(moment, at_ms, size) if self.policy.budget.key_every_ms else self._seen.take()
        if message is None:
            return
        try:
            self._queue.put(message, block=not self.live)
        except queue.Full:
            self.dropped += 1

    def _tell(self, message: dict[str, Any]) -> None:
        at_ms = float(message["frames"][0]["at_ms"])
        if self.policy.bytes.take(size_of(message), float(message["frames"][-1]["at_ms"])):
            self.spool.put("sighting", message, at_ms=at_ms, priority=DOUBT)
            self.sent["sighting"] += 1

    def _run(self) -> None:
        while (waiting := self._queue.get()) is not None:
            try:
                self._tell(waiting) if isinstance(waiting, dict) else self._take(waiting)
            except Exception:  # a full disk must not end the thread: the next frame may find room
                logger.exception("a frame was lost on its way to the disk")
                self.dropped += 1

    def _take(self, picture: _Picture) -> None:
        jpeg = encode_jpeg(picture.image, QUALITY)  # once: ring, evidence and uplink share the bytes
        at_ms, uplink = picture.at_ms, picture.uplink
        begins = [key for key, until in self._evidence if until - EVIDENCE_MS == at_ms]
        for key in begins:
            self._before(key, at_ms)
        if self.ring.due(at_ms) or uplink:
            self.ring.add(at_ms, jpeg)
        self._after(at_ms, jpeg, begins)
        if uplink and self.policy.accepted(uplink, len(jpeg), perceptual_hash(picture.image), at_ms):
            body = uplink_json(picture.moment, uplink) | ({"alarm": begins[0]} if begins else {})
            self._put(jpeg, at_ms, body, uplink.priority)

    def _before(self, key: str, at_ms: float) -> None:
        for earlier, jpeg in _thinned(self.ring.between(at_ms - EVIDENCE_MS, at_ms - 1)):
            self._put(jpeg, earlier, {"trigger": "evidence", "alarm": key}, ALARM)

    def _after(self, at_ms: float, jpeg: bytes, begins: Sequence[str]) -> None:
        """One frame a second until five seconds after; the alarm's own frame goes as its uplink."""
        self._evidence = [(key, until) for key, until in self._evidence if until >= at_ms]
        self._noted = {key: self._noted.get(key, 0.0) for key, _ in self._evidence}
        for key, until in self._evidence:
            passed = at_ms - (until - EVIDENCE_MS)
            if key not in begins and passed >= 0 and passed // EVIDENCE_EVERY_MS > self._noted[key]:
                self._noted[key] = passed // EVIDENCE_EVERY_MS
                self._put(jpeg, at_ms, {"trigger": "evidence", "alarm": key}, ALARM)

    def _put(self, jpeg: bytes, at_ms: float, body: dict[str, Any], priority: int) -> None:
        self.spool.put("frame", body, at_ms=at_ms, priority=priority, data=jpeg)
        self.sent[str(body["trigger"])] += 1
        self.sent["bytes"] += len(jpeg)


def _thinned(frames: Sequence[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """At most one frame a second."""
    kept: list[tuple[int, bytes]] = []
    for at_ms, jpeg in frames:
        if not kept or at_ms - kept[-1][0] >= EVIDENCE_EVERY_MS:
            kept.append((at_ms, jpeg))
    return kept
