"""Frames and boxes by the million in PostgreSQL: drawn by the database itself, so that a benchmark measures reads and not the writes before them."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from webapp.accounts.models import Membership, User, Workspace
from webapp.footage.models import Clip, Drive, Frame
from webapp.registry.models import ModelVersion
from webapp.taxonomy.services import preset_install

WIDTH, HEIGHT, FRAMES_A_DRIVE, BOXES_A_FRAME = 1920, 1080, 1500, 12
TABLES = ("footage_frame", "labels_box")
INDEXED_AFTERWARDS = (
    50_000  # frames; fewer are faster with the indexes in place, and a test has no business to drop one
)
LIGHTS, WEATHERS = ("day", "night", "dusk"), ("clear", "rain", "fog")

FRAMES = """INSERT INTO footage_frame (id, workspace_id, drive_id, clip_id, index, time_ms, name, sha256, phash, width, height, image_key, thumbnail_key,
 scene, state, risk, version, created_at, updated_at)
SELECT %(first)s + k, %(workspace)s, %(drive)s, %(clip)s, k, k * 500.0, lpad(k::text, 6, '0') || '.jpg', lpad(to_hex(%(first)s + k), 64, '0'),
 (random() * 4e18)::bigint, 1920, 1080, 'bench.jpg', 'bench.jpg', '{}', %(state)s, random(), 1, now(), now()
FROM generate_series(0, %(count)s - 1) k"""
# The boxes' names rise with their rows, so that the index grows at one end; 13 digits are what the wire shows.
BOXES = """INSERT INTO labels_box (frame_id, client_id, category_id, x, y, width, height, frame_width, frame_height, source, state, model_version_id,
 index, score, probs, risk, severity, signals, evidence, occluded, truncated, crowd, cipo, unsure, created_at, updated_at)
SELECT frame, rpad(lpad(to_hex(frame * 16 + n), 13, '0'), 32, '0')::uuid, (%(categories)s::bigint[])[1 + floor(random() * %(kinds)s)::int], random() * (1920 - width),
 random() * (1080 - height), width, height, 1920, 1080, 'pseudo',
 (%(states)s::text[])[1 + floor(random() * %(ways)s)::int], %(model)s, n, random(), '{}', random(), 1 + 9 * random(), '[]', '{}',
 false, false, false, false, false, now(), now()
FROM (SELECT frame, n, 12 + 388 * random() AS width, 12 + 288 * random() AS height
 FROM generate_series(%(first)s, %(first)s + %(count)s - 1) frame, generate_series(0, 11) n OFFSET 0) AS drawn"""
# Of every twenty boxes; the last of the open ones is a candidate for an object that the model missed.
STATES = {
    Frame.State.AUDITED: ["accepted"] * 17 + ["edited"] * 2 + ["rejected"],
    Frame.State.PRELABELLED: ["pending"] * 19 + ["missed_candidate"],
}


def fill(frames: int, *, audited: float) -> tuple[Workspace, User]:
    """A workspace with drives of 1,500 frames, twelve boxes each of one model; `audited` of the drives have been gone through."""
    workspace = Workspace.objects.create(name="Bench", slug="bench")
    user = User.objects.create(email="bench@example.org", name="Bench")
    Membership.objects.create(user=user, workspace=workspace, role=Membership.Role.OWNER)
    model = ModelVersion.objects.create(workspace=workspace, name="bench", ref="bundled:bench", sha256="0" * 64)
    taxonomy = preset_install(workspace, "gdda13")
    categories = list(taxonomy.categories.order_by("index").values_list("id", flat=True))
    fixed = {"workspace": workspace.id, "model": model.id, "categories": categories, "kinds": len(categories)}
    drives = math.ceil(frames / FRAMES_A_DRIVE)
    with _indexed_afterwards(TABLES if frames >= INDEXED_AFTERWARDS else ()):
        for number in range(drives):
            drive = _drive(workspace, taxonomy, model, number)
            count = min(FRAMES_A_DRIVE, frames - number * FRAMES_A_DRIVE)
            state = Frame.State.AUDITED if number < audited * drives else Frame.State.PRELABELLED
            _rows(drive, count, state, fixed)
    return workspace, user


def _drive(workspace: Workspace, taxonomy: Any, model: ModelVersion, number: int) -> Drive:
    return Drive.objects.create(
        workspace=workspace,
        taxonomy=taxonomy,
        name=f"drive {number:05d}",
        state=Drive.State.READY,
        label_model=model,
        time_of_day=LIGHTS[number % len(LIGHTS)],
        weather=WEATHERS[number % len(WEATHERS)],
    )


def _rows(drive: Drive, count: int, state: str, fixed: dict[str, Any]) -> None:
    clip = Clip.objects.create(
        drive=drive, filename="clip.mp4", kind=Clip.Kind.VIDEO, state=Clip.State.READY, key="", size=1, sha256="0" * 64
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM footage_frame")
        [first] = cursor.fetchone()
        states = STATES[Frame.State(state)]
        given = fixed | {"drive": drive.id, "clip": clip.id, "first": first, "count": count, "state": state}
        cursor.execute(FRAMES, given)
        cursor.execute("SELECT setval(pg_get_serial_sequence('footage_frame', 'id'), %s)", [first + count])
        cursor.execute(BOXES, given | {"states": states, "ways": len(states)})


@contextmanager
def _indexed_afterwards(tables: Sequence[str]) -> Iterator[None]:
    """The tables have no index but those of their constraints while this lasts, and their foreign keys are not looked up."""
    if not tables:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [list(tables)],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        yield
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for name, definition in found:
            print(f"index {name}", file=sys.stderr, flush=True)
            cursor.execute(definition)
