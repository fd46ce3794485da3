"""The dataset room at size: `python -m tests.postgres python bench/datasets.py export|peak|queries|similar --frames 100000 --json`.

`export`: the COCO file of a frozen version against the plain floor, which reads the same rows by a server-side cursor and writes them with orjson.
`peak`: memory alone, on a drawn manifest, without a database. `queries`: the queue's claim and the list endpoints through the whole stack, without a socket. `export` and `queries` need PostgreSQL, and fill an empty database by COPY.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

FLOOR = """SELECT b.id, b.frame_id, b.category_id, b.x, b.y, b.width, b.height, b.score, b.risk, b.severity, b.source, b.state, b.occluded, b.truncated,
 b.crowd, b.cipo FROM labels_box b JOIN footage_frame f ON f.id = b.frame_id WHERE f.state = 'audited' ORDER BY b.frame_id, b.id"""
TIMES = 200  # of each request; --times for a quicker look


def main() -> None:
    """A table, and one JSON line with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["export", "queries", "similar", "peak"])
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="of `queries`: these requests alone")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
    import django

    django.setup()
    figures = {"export": export, "queries": queries, "similar": similar, "peak": peak}[options.what](options)
    for name, value in figures.items():
        print(f"{name:28} {value}")
    if options.json:
        print(json.dumps(figures))


def export(options: argparse.Namespace) -> dict[str, Any]:
    """The version is of all frames. Each way writes a file; CPU-seconds of this process, and the memory of a process that does nothing else."""
    workspace, user = filled(options.frames, audited=1.0)
    version, freeze_s = timed(lambda: _frozen(workspace, user))
    with tempfile.TemporaryDirectory() as folder:
        rounds = [
            (timed(lambda: _floor(Path(folder)))[1], timed(lambda: _ours(version, Path(folder)))[1]) for _ in range(3)
        ]
        size = (Path(folder) / "ours.json").stat().st_size
    floor_s, ours_s = (statistics.median(times) for times in zip(*rounds, strict=True))
    command = [sys.executable, __file__, "peak", "--frames", str(options.frames), "--json"]
    alone = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    return {
        "frames": version.summary["frames"],
        "boxes": version.summary["boxes"],
        "megabytes": round(size / 2**20),
        "freeze_cpu_s": freeze_s,
        "floor_cpu_s": floor_s,
        "export_cpu_s": ours_s,
        "export_ratio_to_floor": round(ours_s / floor_s, 2),
        **{name: alone[name] for name in ("first_byte_s", "export_peak_mb")},
    }


def peak(options: argparse.Namespace) -> dict[str, Any]:
    """Of a process that does nothing but export a drawn manifest of this size: the most memory it held, and when the first byte was there."""
    from bench.dataset_manifest import drawn_version
    from webapp.datasets.coco_stream import stream

    with tempfile.TemporaryDirectory() as folder:
        version = drawn_version(options.frames, Path(folder))
        start, start_cpu = time.perf_counter(), time.process_time()
        pieces = stream(version, None)
        size = len(next(pieces))
        first_s = time.perf_counter() - start
        before = peak_mb()
        size += sum(map(len, pieces))
        cpu_s = time.process_time() - start_cpu
    return {
        "frames": options.frames,
        "boxes": version.summary["boxes"],
        "megabytes": size // 2**20,
        "export_cpu_s": round(cpu_s, 1),
        "first_byte_s": round(first_s, 3),
        "before_mb": before,
        "export_peak_mb": peak_mb(),
    }


def queries(options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of whole requests, and of processor time. Half of the drives are audited; the rest waits."""
    from rest_framework.test import APIClient

    workspace, user = found() or filled(options.frames, audited=0.5)
    client = APIClient(HTTP_HOST="localhost")
    client.force_authenticate(user)
    drive = workspace.drives.order_by("-id").values_list("id", flat=True)[0]
    category = workspace.taxonomies.get().categories.get(name="truck").id
    frames = workspace.frames.count()
    figures: dict[str, Any] = {"frames": frames, "boxes": frames * 12, "load": os.getloadavg()[0]}
    lists = paths(drive, category)
    unknown = set(options.only) - {*lists, "claim"}
    if unknown:
        sys.exit(f"{', '.join(sorted(unknown))}: unknown; known are {', '.join([*lists, 'claim'])}")
    print(f"{'request':32} {'p50':>8} {'p95':>8} {'processor ms':>13}", file=sys.stderr)
    for name, path in lists.items():
        if not options.only or name in options.only:
            figures |= _told(name, spread(name, lambda path=path: _ok(client.get(f"/api/v1/{path}")), options.times))
    for clock in ("p95", "cpu"):
        values = [value for name, value in figures.items() if name.endswith(f"_{clock}_ms")]
        figures |= {f"list_{clock}_ms": max(values)} if values else {}
    if not options.only or "claim" in options.only:
        claims = spread("claim", lambda: _claim(client), options.times, after=lambda: _given_back(client))
        figures |= _told("claim", claims)
    return figures


def similar(options: argparse.Namespace) -> dict[str, Any]:
    """The pictures, and of 100,000 labels those, that look most like one: whole requests, each from another place."""
    from rest_framework.test import APIClient

    from bench.dataset_features import index_drawn
    from webapp.labels.models import Box

    workspace, user = found() or filled(options.frames, audited=0.5)
    index_drawn(workspace, 100_000)
    client = APIClient(HTTP_HOST="localhost")
    client.force_authenticate(user)
    frames = cycle(workspace.frames.order_by("id").values_list("id", flat=True)[:50_000:997])
    labels = cycle(Box.objects.order_by("id").values_list("client_id", flat=True)[:50_000:997])
    asked = {"similar_frames": ("frame", frames), "similar_crops": ("label", labels)}
    figures: dict[str, Any] = {"frames": workspace.frames.count(), "load": os.getloadavg()[0]}
    for name, (what, ids) in asked.items():
        ask = lambda what=what, ids=ids: _ok(client.get(f"/api/v1/explore/similar/?{what}={next(ids)}"))  # noqa: E731
        figures[f"{name}_first_cpu_s"] = timed(ask)[1]
        figures |= _told(name, spread(name, ask, options.times))
    return figures


def _told(name: str, measured: dict[str, Any]) -> dict[str, Any]:
    p50, p95, cpu = (measured[f"{name}_{clock}_ms"] for clock in ("p50", "p95", "cpu"))
    print(f"{name:32} {p50:8} {p95:8} {cpu:13}", file=sys.stderr, flush=True)
    return measured


def paths(drive: int, category: int) -> dict[str, str]:
    """The requests that a person waits for."""
    return {
        "frames": "frames/",
        "frames_by_risk": "frames/?ordering=-risk",
        "frames_of_drive": f"frames/?drive={drive}&state=prelabelled&ordering=-risk",
        "frames_with_category": f"frames/?state=prelabelled&category={category}&ordering=-risk",
        "frames_risky": "frames/?risk_min=0.9",
        "drives": "drives/",
        "summary": "audit/summary/",
        "crops": f"crops/?category={category}",
        "explore_frames": "explore/frames/",
        "explore_frames_with_category": f"explore/frames/?category={category}&score_min=0.5",
        "explore_crops": f"explore/crops/?category={category}",
        "explore_crops_of_all": "explore/crops/?box_state=pending&side_min=32",
        "explore_histograms": "explore/histograms/?kind=frames",
        "explore_histograms_of_crops": "explore/histograms/?kind=crops",
    }


def spread(
    name: str, step: Callable[[], Any], count: int, *, after: Callable[[], Any] = lambda: None
) -> dict[str, Any]:
    """By the clock, and the processor time of both sides, which is what the clock would say on a machine with nothing else to do."""
    times, cpu = [], []
    for turn in range(count + 5):
        start, start_cpu = time.perf_counter(), both_sides_ms()
        step()
        if turn >= 5:
            times.append(1000 * (time.perf_counter() - start))
            cpu.append(both_sides_ms() - start_cpu)
        after()
    times.sort()
    p50, p95 = times[count // 2], times[int(0.95 * count)]
    return {
        f"{name}_p50_ms": round(p50, 1),
        f"{name}_p95_ms": round(p95, 1),
        f"{name}_cpu_ms": round(sum(cpu) / count, 1),
    }


def both_sides_ms() -> float:
    """Processor time of this process and of its database backend, whose clock ticks every 10 ms: of many requests the mean is right."""
    from django.db import connection

    server = connection.connection and connection.connection.info.backend_pid
    ticks = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[11:13] if server else ()
    return 1000 * (time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"))


def found() -> tuple[Any, Any] | None:
    """What an earlier run filled."""
    from webapp.accounts.models import User, Workspace

    workspace = Workspace.objects.filter(slug="bench").first() if _migrated() else None
    return workspace and (workspace, User.objects.get(email="bench@example.org"))


def _migrated() -> bool:
    from django.db import connection

    return "accounts_workspace" in connection.introspection.table_names()


def filled(frames: int, *, audited: float) -> tuple[Any, Any]:
    from django.core.management import call_command
    from django.db import connection

    from bench.dataset_rows import fill

    if connection.vendor != "postgresql":
        sys.exit("Start it with `python -m tests.postgres` before it: it measures PostgreSQL.")
    call_command("migrate", verbosity=0)
    (made, fill_s) = timed(lambda: fill(frames, audited=audited))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"filled in {fill_s} CPU-s", file=sys.stderr, flush=True)
    return made


def timed(step: Callable[[], Any]) -> tuple[Any, float]:
    """What the step returns, and its seconds of CPU."""
    start = time.process_time()
    value = step()
    return value, round(time.process_time() - start, 2)


def peak_mb() -> int:
    """Since the process began; the kernel's `ru_maxrss` would begin with that of whoever started it."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def _frozen(workspace: Any, user: Any) -> Any:
    from webapp.datasets.services import dataset_create, version_create, version_freeze

    dataset = dataset_create(workspace=workspace, name="bench", taxonomy=workspace.taxonomies.get())
    places = [(drive, "train") for drive in workspace.drives.all()]
    version = version_create(
        dataset=dataset, drives=places, include_unaudited=False, override_reason="bench", created_by=user
    )
    return version_freeze(version, lambda done, total: None)


def _floor(folder: Path) -> None:
    """What no export can do without: read every row, and write it as JSON."""
    import orjson
    from django.db import connection, transaction

    with transaction.atomic(), (folder / "floor.json").open("wb") as file:
        connection.ensure_connection()
        with connection.connection.cursor(name="floor") as cursor:
            cursor.itersize = 4096
            cursor.execute(FLOOR)
            for id, frame, category, x, y, width, height, score, risk, severity, source, state, *flags in cursor:
                row = {
                    "id": id,
                    "image_id": frame,
                    "category_id": category,
                    "bbox": [x, y, width, height],
                    "area": width * height,
                }
                row |= {
                    "iscrowd": int(flags[2]),
                    "score": score,
                    "risk": risk,
                    "severity": severity,
                    "source": source,
                    "state": state,
                }
                row |= {"occluded": flags[0], "truncated": flags[1], "cipo": flags[3], "audited": True}
                file.write(orjson.dumps(row) + b",\n")


def _ours(version: Any, folder: Path) -> None:
    from webapp.datasets.coco_stream import stream

    with (folder / "ours.json").open("wb") as file:
        for piece in stream(version, None):
            file.write(piece)


def _claim(client: Any) -> None:
    [frame] = _ok(client.post("/api/v1/audit/claim/", {"count": 1}, format="json"))["frames"]
    client.held = [frame["id"]]


def _given_back(client: Any) -> None:
    """Outside of the clock; a frame that is still held would be handed out again without a look at the queue."""
    _ok(client.post("/api/v1/audit/release/", {"frames": client.held}, format="json"))


def _ok(response: Any) -> Any:
    if response.status_code >= 300:
        sys.exit(f"{response.status_code}: {response.content[:300]!r}")
    return response.json()


if __name__ == "__main__":
    main()
