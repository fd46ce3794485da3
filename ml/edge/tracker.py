"""Boxes of one object over time: overlap decides who continues whom, a Kalman filter of constant speed says where to look.

Strong detections begin and continue tracks; weak ones only continue them (Zhang et al., ByteTrack, arXiv 2110.06864).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence

import numpy as np

from ml.boxes import Floats, iou_matrix, xywh_to_xyxy
from ml.schemas import BoxXYWH, Detection

MIN_IOU = 0.25
CONFIRMED_AFTER = 2  # detections
LONGEST_UNSEEN_MS = 800.0
HISTORY = 16
POSITION_ERROR, SPEED_CHANGE = 0.05, 2.0  # shares of a box's height: of its edges, and a second squared
SMOOTHING_S = (0.25, 0.6)  # over which the growth of a box is measured


class Track:
    """One object: `box_xywh` is where it is now, filtered; `detection` what was last seen of it."""

    def __init__(self, number: int, detection: Detection, time_ms: float) -> None:
        self.number, self.born_ms = number, time_ms
        self._edges = _edges(detection)
        self._speed = np.zeros(4)
        size = detection.box_xywh[3]
        self._p = np.array(
            [(POSITION_ERROR * size) ** 2, 0.0, size**2]
        )  # var(edge), cov, var(speed); alike for all edges
        self._filtered_ms = time_ms
        self._votes: defaultdict[str, float] = defaultdict(float)
        self.widths: deque[tuple[float, float]] = deque(maxlen=HISTORY)
        self.heights: deque[float] = deque(maxlen=HISTORY)
        self.scores: deque[float] = deque(maxlen=HISTORY)
        self.hits = 0
        self._note(detection, time_ms)

    def _note(self, detection: Detection, time_ms: float) -> None:
        self.detection, self.seen_ms = detection, time_ms
        self._votes[detection.category] += detection.score
        self.hits += 1
        self.widths.append((time_ms, float(self._edges[2] - self._edges[0])))
        self.heights.append(detection.box_xywh[3])
        self.scores.append(detection.score)

    @property
    def category(self) -> str:
        return max(self._votes, key=self._votes.__getitem__)

    @property
    def confirmed(self) -> bool:
        return self.hits >= CONFIRMED_AFTER

    @property
    def box_xywh(self) -> BoxXYWH:
        x1, y1, x2, y2 = (float(edge) for edge in self._edges)
        return x1, y1, max(x2 - x1, 1.0), max(y2 - y1, 1.0)

    @property
    def box_xyxy(self) -> Floats:
        return self._edges

    def predict(self, time_ms: float) -> None:
        t = (time_ms - self._filtered_ms) / 1000
        if t <= 0:
            return
        size = max(4.0, float(self._edges[3] - self._edges[1]))
        edge, both, speed = self._p
        q = (SPEED_CHANGE * size) ** 2
        self._p = np.array(
            [edge + 2 * t * both + t * t * speed + q * t**4 / 4, both + t * speed + q * t**3 / 2, speed + q * t * t]
        )
        self._edges = self._edges + self._speed * t
        self._filtered_ms = time_ms

    def update(self, detection: Detection, time_ms: float) -> None:
        error = _edges(detection) - self._edges
        edge, both, speed = self._p
        sure = edge / (edge + (POSITION_ERROR * detection.box_xywh[3]) ** 2)
        gain = both / (edge + (POSITION_ERROR * detection.box_xywh[3]) ** 2)
        self._edges, self._speed = self._edges + sure * error, self._speed + gain * error
        self._p = np.array([(1 - sure) * edge, (1 - sure) * both, speed - gain * both])
        self._note(detection, time_ms)

    def growth(self) -> tuple[float, float, float] | None:
        """(width before, width now, seconds between) over the smoothing time; None while the track is too young."""
        now_ms, now = self.widths[-1]
        shortest, longest = SMOOTHING_S
        for then_ms, then in self.widths:
            if shortest <= (now_ms - then_ms) / 1000 <= longest:
                return then, now, (now_ms - then_ms) / 1000
        return None

    def jitter(self) -> float:
        """Standard deviation of the detections' height as a share of it, after a steady growth is taken out."""
        heights = np.asarray(self.heights)
        if len(heights) < 4:
            return 0.0
        steps = np.arange(len(heights))
        straight = np.polynomial.Polynomial.fit(steps, heights, 1)(steps)
        return float((heights - straight).std() / heights.mean())


class Tracker:
    """`tracks` are alive; `born` and `died` are those of the last step, for whoever watches flicker."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.born: list[Track] = []
        self.died: list[Track] = []
        self._next = 1

    def step(self, detections: Sequence[Detection], time_ms: float) -> list[Track]:
        """The tracks that were seen now, in order of their numbers."""
        self.died = [track for track in self.tracks if time_ms - track.seen_ms > LONGEST_UNSEEN_MS]
        self.tracks = [track for track in self.tracks if time_ms - track.seen_ms <= LONGEST_UNSEEN_MS]
        for track in self.tracks:
            track.predict(time_ms)
        strong = [one for one in detections if not one.candidate]
        left = self._continue(self.tracks, strong, time_ms)
        self._continue(
            [track for track in self.tracks if track.seen_ms < time_ms], [d for d in detections if d.candidate], time_ms
        )
        self.born = [self._begin(one, time_ms) for one in left]
        return [track for track in self.tracks if track.seen_ms == time_ms]

    def _begin(self, detection: Detection, time_ms: float) -> Track:
        track = Track(self._next, detection, time_ms)
        self._next += 1
        self.tracks.append(track)
        return track

    @staticmethod
    def _continue(tracks: list[Track], seen: list[Detection], time_ms: float) -> list[Detection]:
        """Update the tracks, best overlap first, one to one; returns the detections left over."""
        if not tracks or not seen:
            return seen
        iou = iou_matrix(np.stack([t.box_xyxy for t in tracks]), xywh_to_xyxy([one.box_xywh for one in seen]))
        iou += 0.1 * np.array([[t.category == one.category for one in seen] for t in tracks])
        free_tracks, free = set(range(len(tracks))), set(range(len(seen)))
        for flat in np.argsort(-iou, axis=None, kind="stable")[: np.count_nonzero(iou >= MIN_IOU)]:
            t, d = divmod(int(flat), len(seen))
            if t in free_tracks and d in free:
                tracks[t].update(seen[d], time_ms)
                free_tracks.discard(t)
                free.discard(d)
        return [seen[d] for d in sorted(free)]


def _edges(detection: Detection) -> Floats:
    edges: Floats = xywh_to_xyxy(detection.box_xywh)
    return edges
