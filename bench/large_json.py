"""A COCO file of gigabytes whose last record is wrong, drawn and then read to its end with every check: seconds, peak memory, and what it says of the record.

python bench/large_json.py --gb 2 [--json]       needs no database; some 160 bytes a box on disk, and 73 more a box while it is read
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")

import django

django.setup()

from bench.dataset_import import BOXES, write_labels  # noqa: E402
from ml.taxonomies import GDDA13  # noqa: E402
from webapp.datasets.formats import reader  # noqa: E402
from webapp.datasets.importing import survey  # noqa: E402

Process = get_context("spawn").Process
BAD = 999_999_999  # id of the record that is wrong
BOX_BYTES = 131  # as `write_labels` writes one, its share of the picture included


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gb", type=float, default=2.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    images = int(options.gb * 2**30 / BOX_BYTES / BOXES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.json"
        drawing = Process(target=_draw, args=(path, images))  # so that its memory is not counted as the reader's
        drawing.start()
        drawing.join()
        assert drawing.exitcode == 0
        found = _read(path, images)
    for name, value in found.items():
        print(f"{name:20} {value:12.2f}" if isinstance(value, float) else f"{name:20} {value}")
    if options.json:
        print(json.dumps(found))


def _draw(path: Path, images: int) -> None:
    write_labels(path, images, [category.name for category in GDDA13])
    _spoil(path)


def _spoil(path: Path) -> None:
    """One record that cannot be, as the last of the file."""
    bad = b',{"id":%d,"image_id":1,"category_id":1,"bbox":[5,5,-3,10],"area":30,"iscrowd":0}]}' % BAD
    with path.open("r+b") as file:
        file.seek(-len(b"]}"), os.SEEK_END)
        file.write(bad)


def _read(path: Path, images: int) -> dict[str, Any]:
    before_mb, started = _peak_mb(), time.process_time()
    looked = survey(partial(reader("coco"), path))
    assert (looked.frames, looked.boxes) == (images, images * BOXES)
    [problem] = looked.problems
    assert str(BAD) in problem, problem
    return {
        "file_gb": path.stat().st_size / 2**30,
        "boxes": looked.boxes,
        "named": problem,
        "read_cpu_s": time.process_time() - started,
        "peak_mb": _peak_mb(),
        "peak_mb_before": before_mb,
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
