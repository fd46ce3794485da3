"""Many new boxes at once, with their first event each: by COPY where the database has it, else as bulk inserts. The same rows either way."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from webapp.labels.models import Box, BoxEvent
from webapp.labels.prelabels import box_values

BOX_COLUMNS = (
    "id, created_at, updated_at, client_id, frame_id, frame_width, frame_height, category_id, x, y, width, height, score, crowd, occluded, truncated,"
    ' track_id, "index", source, state, model_version_id, probs, severity, signals, evidence, cipo, unsure'
)
EVENT_COLUMNS = "box_id, frame_id, kind, device, created_at, after"
NULL, TRUE, FALSE = "\\N", "t", "f"


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
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Box._meta.db_table, len(rows)],
        )
        ids = [id for (id,) in cursor.fetchall()]
        now = timezone.now().isoformat()
        for table, columns, lines in (
            (Box._meta.db_table, BOX_COLUMNS, _box_lines(ids, rows, origin, now)),
            (BoxEvent._meta.db_table, EVENT_COLUMNS, _event_lines(ids, rows, origin, now)),
        ):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write("".join(lines).encode())


def _box_lines(ids: list[int], rows: Sequence[BoxRow], origin: Origin, now: str) -> Iterator[str]:
    model = NULL if origin.model_version is None else origin.model_version
    tail = f"{origin.source}\t{origin.state}\t{model}\t{{}}\t1\t[]\t{{}}\tf\tf\n"
    for id, key, row in zip(ids, _uuids(len(rows)), rows, strict=True):
        frame, fw, fh, category, x, y, w, h, score, crowd, occluded, truncated, track, index = row
        yield (
            f"{id}\t{now}\t{now}\t{key}\t{frame}\t{fw}\t{fh}\t{_or_null(category)}\t{x!r}\t{y!r}\t{w!r}\t{h!r}\t{_or_null(score)}"
            f"\t{TRUE if crowd else FALSE}\t{TRUE if occluded else FALSE}\t{TRUE if truncated else FALSE}"
            f"\t{_or_null(track)}\t{_or_null(index)}\t{tail}"
        )


def _event_lines(ids: list[int], rows: Sequence[BoxRow], origin: Origin, now: str) -> Iterator[str]:
    words = {True: "true", False: "false"}
    for id, row in zip(ids, rows, strict=True):
        frame, _, _, category, x, y, w, h, _, crowd, occluded, truncated, _, _ = row
        yield (
            f'{id}\t{frame}\t{origin.event}\t\t{now}\t{{"category":{"null" if category is None else category},"x":{x!r},"y":{y!r},'
            f'"width":{w!r},"height":{h!r},"state":"{origin.state}","occluded":{words[occluded]},"truncated":{words[truncated]},'
            f'"crowd":{words[crowd]}}}\n'
        )


def _or_null(value: Any) -> Any:
    return NULL if value is None else value


def _uuids(count: int) -> Iterator[str]:
    """Random ones of version 4. From one draw: uuid4() for each was a tenth of the whole load."""
    digits = os.urandom(16 * count).hex()
    for start in range(0, 32 * count, 32):
        one = digits[start : start + 32]
        yield f"{one[:12]}4{one[13:16]}a{one[17:]}"
