"""Frames and boxes by the million in PostgreSQL: drawn by COPY, so that a benchmark measures reads and not the ORM's writes."""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from webapp.accounts.models import Membership, User, Workspace
from webapp.footage.models import Clip, Drive, Frame
from webapp.labels.models import Box
from webapp.taxonomy.services import preset_install

WIDTH, HEIGHT, FRAMES_A_DRIVE, BOXES_A_FRAME = 1920, 1080, 1500, 12
STATES = (Frame.State.PRELABELLED, Frame.State.AUDITED)


def fill(frames: int, *, audited: float) -> tuple[Workspace, User]:
    """A workspace with drives of 1,500 frames, twelve boxes each; `audited` of the drives have been gone through."""
    workspace = Workspace.objects.create(name="Bench", slug="bench")
    user = User.objects.create(email="bench@example.org", name="Bench")
    Membership.objects.create(user=user, workspace=workspace, role=Membership.Role.OWNER)
    taxonomy = preset_install(workspace, "gdda13")
    categories = list(taxonomy.categories.order_by("index").values_list("id", flat=True))
    drives = math.ceil(frames / FRAMES_A_DRIVE)
    rng = random.Random(0)
    for number in range(drives):
        drive = Drive.objects.create(
            workspace=workspace, taxonomy=taxonomy, name=f"drive {number:05d}", state=Drive.State.READY
        )
        clip = Clip.objects.create(
            drive=drive,
            filename="clip.mp4",
            kind=Clip.Kind.VIDEO,
            state=Clip.State.READY,
            key="",
            size=1,
            sha256="0" * 64,
        )
        count = min(FRAMES_A_DRIVE, frames - number * FRAMES_A_DRIVE)
        state = Frame.State.AUDITED if number < audited * drives else Frame.State.PRELABELLED
        _drive(drive, clip, count, state, categories, rng)
    return workspace, user


def _drive(drive: Drive, clip: Clip, count: int, state: str, categories: list[int], rng: random.Random) -> None:
    names = ["id", "workspace_id", "drive_id", "clip_id", "index", "time_ms", "name", "sha256", "phash", "width", "height", "image_key", "thumbnail_key", "scene", "state", "risk", "version", "created_at", "updated_at"]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM footage_frame")
        first = cursor.fetchone()[0] + 1
        now = timezone.now().isoformat()
        pictures = ((id, f"{id:064x}", rng.getrandbits(63), rng.random()) for id in range(first, first + count))
        fixed = (drive.workspace_id, drive.id, clip.id)
        rows = (
            (id, *fixed, k, k * 500.0, f"{k:06d}.jpg", sha, phash, WIDTH, HEIGHT, f"{id}.jpg", f"{id}.jpg", "{}", state, risk, 1, now, now)
            for k, (id, sha, phash, risk) in enumerate(pictures)
        )  # fmt: skip
        _copy(cursor, "footage_frame", names, rows)
        cursor.execute("SELECT setval(pg_get_serial_sequence('footage_frame', 'id'), %s)", [first + count])
        boxes = _boxes(range(first, first + count), state, categories, rng, now)
        _copy(cursor, "labels_box", BOX, boxes)


BOX = ["frame_id", "client_id", "category_id", "x", "y", "width", "height", "frame_width", "frame_height", "source", "state", "score", "probs", "risk", "severity", "signals", "evidence", "occluded", "truncated", "crowd", "cipo", "unsure", "created_at", "updated_at"]  # fmt: skip


def _boxes(frames: range, state: str, categories: list[int], rng: random.Random, now: str) -> Iterator[tuple[Any, ...]]:
    kept = Box.State.ACCEPTED if state == Frame.State.AUDITED else Box.State.PENDING
    for frame in frames:
        for _ in range(BOXES_A_FRAME):
            width, height = rng.uniform(12, 400), rng.uniform(12, 300)
            place = (rng.uniform(0, WIDTH - width), rng.uniform(0, HEIGHT - height), width, height)
            numbers = (rng.random(), "{}", rng.random(), rng.uniform(1, 10), "[]", "{}")
            name = str(uuid.UUID(int=rng.getrandbits(128), version=4))
            yield (
                frame,
                name,
                rng.choice(categories),
                *place,
                WIDTH,
                HEIGHT,
                Box.Source.PSEUDO,
                kept,
                *numbers,
                *"fffff",
                now,
                now,
            )


def _copy(cursor: Any, table: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
