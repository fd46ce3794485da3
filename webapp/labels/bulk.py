"""Many new boxes at once, with their first event each: by COPY where the database has it, else as bulk inserts. The same rows either way."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from webapp.footage.models import Frame
from webapp.labels.keys import keys_checked_together
from webapp.labels.models import Box, BoxEvent, Track
from webapp.labels.prelabels import box_values
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Category

BOX_COLUMNS = (
    "id, created_at, updated_at, client_id, frame_id, frame_width, frame_height, category_id, x, y, width, height, score, crowd, occluded, truncated,"
    ' track_id, "index", source, state, model_version_id, probs, severity, signals, evidence, cipo, unsure'
)
EVENT_COLUMNS = "box_id, frame_id, kind, device, created_at, after"
NULL = "\\N"
COPIED, SAID = {True: "t", False: "f"}, {True: "true", False: "false"}


class BoxRow(NamedTuple):
    """A box on its way into the database, inside its frame already. `place` is its place among a model's boxes of the frame."""

    frame: int
    frame_width: int
    frame_height: int
    category: int | None
    x: float
    y: float
    width: float
    height: float
    score: float | None
    crowd: bool
    occluded: bool
    truncated: bool
    track: int | None
    place: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What all boxes of a load share."""

    source: str
    state: str
    model_version: int | None
    event: str


@transaction.atomic
def boxes_load(rows: Sequence[BoxRow], origin: Origin) -> int:
    """Write the boxes and an event for each; how many. The constraints of the tables hold as for any other."""
    if connection.vendor == "postgresql":
        _copy(rows, origin)
    else:
        _insert(rows, origin)
    return len(rows)


def _insert(rows: Sequence[BoxRow], origin: Origin) -> None:
    names = {"frame": "frame_id", "category": "category_id", "track": "track_id", "place": "index"}
    shared = {"source": origin.source, "state": origin.state, "model_version_id": origin.model_version}
    boxes = Box.objects.bulk_create(
        Box(**{names.get(name, name): value for name, value in row._asdict().items()}, **shared) for row in rows
    )
    BoxEvent.objects.bulk_create(
        BoxEvent(box=box, frame_id=box.frame_id, kind=origin.event, after=box_values(box)) for box in boxes
    )


def _copy(rows: Sequence[BoxRow], origin: Origin) -> None:
    """Two COPYs. Ids are drawn from the sequence first, so that events can name boxes that are on their way."""
    if not rows:
        return
    with connection.cursor() as cursor:
        # The sequence is named once: a look for its name at each row was half the time of a COPY.
        cursor.execute(
            "SELECT nextval(s) FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS s OFFSET 0), generate_series(1, %s)",
            [Box._meta.db_table, len(rows)],
        )
        ids = [id for (id,) in cursor.fetchall()]
        boxes, events = _lines(ids, rows, origin, timezone.now().isoformat())
        with keys_checked_together(cursor, _named(rows, origin)):
            for table, columns, lines in (
                (Box._meta.db_table, BOX_COLUMNS, boxes),
                (BoxEvent._meta.db_table, EVENT_COLUMNS, events),
            ):
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write("".join(lines).encode())


def _named(rows: Sequence[BoxRow], origin: Origin) -> list[tuple[type[Model], set[int]]]:
    """The rows of other tables that these will name."""
    frame, _, _, category, *_, track, _ = zip(*rows, strict=True)
    return [
        (Frame, set(frame)),
        (Category, {id for id in set(category) if id is not None}),
        (Track, {id for id in set(track) if id is not None}),
        (ModelVersion, {origin.model_version} if origin.model_version is not None else set()),
    ]


def _lines(ids: Sequence[int], rows: Sequence[BoxRow], origin: Origin, now: str) -> tuple[list[str], list[str]]:
    """Of boxes and of events; the numbers are written out once for both."""
    model = NULL if origin.model_version is None else origin.model_version
    tail = f"{origin.source}\t{origin.state}\t{model}\t{{}}\t1\t[]\t{{}}\tf\tf\n"
    kind, state, times = f"{origin.event}\t\t{now}", f'"state":"{origin.state}"', f"{now}\t{now}"
    boxes, events = [], []
    for id, key, row in zip(ids, _uuids(len(rows)), rows, strict=True):
        frame, fw, fh, category, x, y, w, h, score, crowd, occluded, truncated, track, index = row
        left, top, wide, high = repr(x), repr(y), repr(w), repr(h)
        boxes.append(
            f"{id}\t{times}\t{key}\t{frame}\t{fw}\t{fh}\t{NULL if category is None else category}\t{left}\t{top}\t{wide}\t{high}"
            f"\t{NULL if score is None else score}\t{COPIED[crowd]}\t{COPIED[occluded]}\t{COPIED[truncated]}"
            f"\t{NULL if track is None else track}\t{NULL if index is None else index}\t{tail}"
        )
        events.append(
            f'{id}\t{frame}\t{kind}\t{{"category":{"null" if category is None else category},"x":{left},"y":{top},"width":{wide},"height":{high},'
            f'{state},"occluded":{SAID[occluded]},"truncated":{SAID[truncated]},"crowd":{SAID[crowd]}}}\n'
        )
    return boxes, events


def _uuids(count: int) -> Iterator[str]:
    """Random ones of version 4. From one draw: uuid4() for each was a tenth of the whole load."""
    digits = os.urandom(16 * count).hex()
    for start in range(0, 32 * count, 32):
        one = digits[start : start + 32]
        yield f"{one[:12]}4{one[13:16]}a{one[17:]}"
