"""COCO labels into a drive that has the frames, against a bare COPY of the same rows: CPU-seconds of both sides, and peak memory.

python -m tests.postgres .venv/bin/python bench/dataset_import.py --images 20000 [--json]        on PostgreSQL
HEADWAY_HOME=$(mktemp -d) .venv/bin/python bench/dataset_import.py --images 20000 [--json]       on SQLite, against bulk inserts
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")

import django

django.setup()

import numpy as np  # noqa: E402
import orjson  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from ml.data.json_records import iter_records  # noqa: E402
from webapp.accounts.models import Workspace  # noqa: E402
from webapp.datasets.formats import reader  # noqa: E402
from webapp.datasets.importing import Prepared, category_mapping, frames_there, labels_write, survey  # noqa: E402
from webapp.footage.models import Clip, Drive, Frame  # noqa: E402
from webapp.labels import bulk  # noqa: E402
from webapp.labels.models import Box  # noqa: E402
from webapp.taxonomy.services import preset_install  # noqa: E402

BOXES = 12  # a picture
SIZE = (1920, 1080)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.json"
        drive = _drive(options.images)
        write_labels(path, options.images, [c.name for c in drive.taxonomy.categories.all()])
        found = _measure(path, drive)
    for name, value in found.items():
        print(f"{name:24} {value:12.2f}" if isinstance(value, float) else f"{name:24} {value:>12}")
    if options.json:
        print(json.dumps(found))


def _measure(path: Path, drive: Drive) -> dict[str, Any]:
    read = partial(reader("coco"), path)
    looked, seconds_survey = _cpu(lambda: survey(read))
    categories = category_mapping(looked.by_category, drive.taxonomy, mapped={}, ignored=frozenset())
    before_mb = _peak_mb()

    def whole() -> Any:
        with Prepared() as prepared:
            prepared.fill(read, frames_there(drive))
            with transaction.atomic():
                return labels_write(prepared, drive=drive, categories=categories)

    report, seconds = _cpu(whole)
    assert (report.boxes, report.problems) == (looked.boxes, [])
    peak_mb = _peak_mb()
    _, seconds_stream = _cpu(lambda: sum(len(records) for _, _, records in iter_records(path)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # else a table that was empty a moment ago is read row by row
    bare, seconds_bare = _cpu(partial(_bare, list(_rows(drive))))
    return {
        "database": connection.vendor,
        "images": looked.frames,
        "boxes": looked.boxes,
        "file_mb": path.stat().st_size / 2**20,
        "survey_cpu_s": seconds_survey,
        "json_alone_cpu_s": seconds_stream,
        "import_cpu_s": seconds,
        "bare_cpu_s": seconds_bare,
        "bare_rows": bare,
        "import_ratio_to_copy": seconds / seconds_bare,
        "peak_mb": peak_mb,
        "peak_mb_before_import": before_mb,
    }


def _bare(rows: list[Any]) -> int:
    """The same rows into a table of the same columns with a key and nothing else, and so for the events."""
    origin = bulk.Origin("imported", "accepted", None, "imported")
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("CREATE TABLE bare AS SELECT * FROM labels_box WHERE 0")
            found = cursor.execute("SELECT * FROM labels_box").fetchall()
            with transaction.atomic():
                cursor.executemany(f"INSERT INTO bare VALUES ({','.join(['%s'] * len(found[0]))})", found)
            return len(rows)
        tables = (("labels_box", bulk.BOX_COLUMNS), ("labels_boxevent", bulk.EVENT_COLUMNS))
        for table, _ in tables:
            cursor.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING IDENTITY)")
            cursor.execute(f"ALTER TABLE bare_{table} ADD PRIMARY KEY (id)")
        for start in range(0, len(rows), 6000):
            part = rows[start : start + 6000]
            ids = range(start + 1, start + 1 + len(part))
            written = bulk._lines(ids, part, origin, "2026-01-01T00:00:00+00:00")
            for (table, columns), lines in zip(tables, written, strict=True):
                with cursor.copy(f"COPY bare_{table} ({columns}) FROM STDIN") as copy:
                    copy.write("".join(lines).encode())
    return len(rows)


def _rows(drive: Drive) -> Iterator[bulk.BoxRow]:
    names = ("frame_id", "frame_width", "frame_height", "category_id", "x", "y", "width", "height", "score")
    names += ("crowd", "occluded", "truncated", "track_id", "index")
    yield from map(bulk.BoxRow._make, Box.objects.filter(frame__drive=drive).values_list(*names).iterator())


def _cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    """Seconds of this process and of its database backend."""
    started = time.process_time() + _backend_s()
    result = work()
    return result, time.process_time() + _backend_s() - started


def _backend_s() -> float:
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _drive(images: int) -> Drive:
    workspace = Workspace.objects.create(name="bench", slug="bench")
    drive = Drive.objects.create(workspace=workspace, taxonomy=preset_install(workspace, "gdda13"), name="bench")
    clip = Clip.objects.create(drive=drive, filename="bench", state=Clip.State.READY, key="", size=0, sha256="bench")
    for start in range(0, images, 2000):
        Frame.objects.bulk_create(
            [_frame(workspace, drive, clip, index) for index in range(start, min(start + 2000, images))]
        )
    return drive


def _frame(workspace: Workspace, drive: Drive, clip: Clip, index: int) -> Frame:
    name = f"f{index:07d}"
    return Frame(
        workspace=workspace, drive=drive, clip=clip, index=index, time_ms=index * 500.0, name=f"{name}.jpg", sha256=name,
        phash=0, width=SIZE[0], height=SIZE[1], image_key=name, thumbnail_key=name,
    )  # fmt: skip


def write_labels(path: Path, images: int, names: list[str]) -> None:
    """Numbers of two decimals and a score, as detectors and tools write them."""
    rng = np.random.default_rng(0)
    with path.open("wb") as file:
        file.write(b'{"categories":' + orjson.dumps([{"id": i, "name": n} for i, n in enumerate(names, 1)]))
        heads = [
            {"id": i + 1, "file_name": f"f{i:07d}.jpg", "width": SIZE[0], "height": SIZE[1]} for i in range(images)
        ]
        file.write(b',"images":' + orjson.dumps(heads) + b',"annotations":[')
        for image in range(images):
            corners = rng.uniform((0, 0), (1700, 900), (BOXES, 2)).round(2).tolist()
            sides = rng.uniform(2, 170, (BOXES, 2)).round(2).tolist()
            kinds, scores = rng.integers(1, len(names) + 1, BOXES).tolist(), rng.random(BOXES).round(4).tolist()
            rows = [
                {
                    "id": image * BOXES + n + 1,
                    "image_id": image + 1,
                    "category_id": kinds[n],
                    "bbox": corners[n] + sides[n],
                }
                | {"area": sides[n][0] * sides[n][1], "iscrowd": 0, "score": scores[n]}
                for n in range(BOXES)
            ]
            file.write((b",\n" if image else b"") + orjson.dumps(rows)[1:-1])
        file.write(b"]}")


if __name__ == "__main__":
    main()
