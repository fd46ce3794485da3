"""Our exports, read by other people's tools: pycocotools here, datumaro in an environment of its own (it wants other versions than ours).

python bench/outside_checks.py write /tmp/checked                    writes the same frames in every format, with pictures, and reads the COCO one by pycocotools
python -m venv /tmp/tools && /tmp/tools/bin/pip install datumaro
/tmp/tools/bin/python bench/outside_checks.py read /tmp/checked      reads each by datumaro, and compares box by box
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("car", "bus", "person", "traffic light")
SIZE = (640, 360)
# Ours, and what datumaro calls it; the others it does not read.
READERS = {
    "coco": "coco_instances",
    "soda10m": "coco_instances",
    "yolo": "yolo_ultralytics",
    "voc": "voc_detection",
    "kitti": "kitti_detection",
    "cvat_images": "cvat",
    "cvat_video": "cvat",
    "mot": "mot_seq_gt",
}
Placed = tuple[str, str, tuple[float, ...]]  # file, category, box


def main() -> None:
    what, folder = sys.argv[1], Path(sys.argv[2])
    write(folder) if what == "write" else read(folder)


def write(folder: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
    import django

    django.setup()
    from PIL import Image

    from webapp.datasets.formats import formats

    shutil.rmtree(folder, ignore_errors=True)
    images = list(_images())
    for name, one in formats().items():
        if one.write is None:
            continue
        target = folder / name
        target.mkdir(parents=True)
        one.write(iter(images), NAMES, target)
        for image in images:
            path = target / one.picture(image.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", SIZE).save(path)
    truth = [(Path(image.name).stem, box.category, box.box_xywh) for image in images for box in image.boxes]
    (folder / "truth.json").write_text(json.dumps(truth))
    print(f"{len(images)} frames, {len(truth)} boxes, {len(list(folder.iterdir())) - 1} formats")
    print("pycocotools       ", _by_pycocotools(folder / "coco" / "annotations.json", truth))


def _images() -> Iterator[Any]:
    """Names in folders, as drives have them; numbers of a detector; one frame without a label."""
    import numpy as np

    from webapp.datasets.formats.labelled import LabelledBox, LabelledImage

    rng = np.random.default_rng(0)
    for number in range(12):
        corners, sides = rng.uniform(0, (500, 250), (6, 2)), rng.uniform(2, 100, (6, 2))
        boxes = tuple(
            LabelledBox((*map(float, corner), *map(float, side)), NAMES[int(rng.integers(len(NAMES)))], track=number * 6 + n)
            for n, (corner, side) in enumerate(zip(corners, sides, strict=True))
        )  # fmt: skip
        yield LabelledImage(None, f"drive/frame_{number:03d}.jpg", boxes if number else (), SIZE, number * 500.0)


def _by_pycocotools(path: Path, truth: list[Placed]) -> str:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    coco = COCO(str(path))
    found = [
        (Path(coco.imgs[one["image_id"]]["file_name"]).stem, coco.cats[one["category_id"]]["name"], one["bbox"])
        for one in coco.anns.values()
    ]
    results = [{**one, "score": 0.9} for one in coco.anns.values()]
    judge = COCOeval(coco, coco.loadRes(results), "bbox")
    judge.evaluate(), judge.accumulate(), judge.summarize()
    return f"{compared(found, truth)}; judged against itself AP {judge.stats[0]:.3f}"


def read(folder: Path) -> None:
    from datumaro.components.dataset import Dataset

    truth = [(stem, name, tuple(box)) for stem, name, box in json.loads((folder / "truth.json").read_text())]
    for path in sorted(path for path in folder.iterdir() if path.is_dir()):
        if (reader := READERS.get(path.name)) is None:
            print(f"{path.name:18} no reader in datumaro")
            continue
        try:
            dataset = Dataset.import_from(str(_placed(path)), reader)
            found = list(_boxes(dataset))
            print(
                f"{path.name:18} by {reader}: {len(dataset)} frames, {compared(found, truth, tracks=path.name == 'mot')}"
            )
        except Exception as error:
            print(f"{path.name:18} by {reader}: {type(error).__name__}: {str(error)[:200]}")


def _placed(path: Path) -> Path:
    """Where datumaro wants a file of another name than the tool that the format is of."""
    if path.name in ("coco", "soda10m"):
        return next(path.rglob("*.json"))
    if path.name.startswith("cvat"):
        return path / "annotations.xml"
    return path


def _boxes(dataset: Any) -> Iterator[Placed]:
    names = dataset.categories()[next(kind for kind in dataset.categories() if kind.name == "label")]
    for item in dataset:
        for one in item.annotations:
            if one.type.name == "bbox":
                yield Path(item.id).name, names[one.label].name, tuple(one.get_bbox())


def compared(found: list[Placed], truth: list[Placed], *, tracks: bool = False) -> str:
    """How many boxes came, and the largest difference; `tracks` names no file."""

    def key(one: Placed) -> tuple[Any, ...]:
        stem = one[0].split("__")[-1]
        return ("" if tracks else stem, one[1], *(round(side) for side in one[2]))

    if len(found) != len(truth):
        return f"{len(found)} boxes of {len(truth)}"
    pairs = list(zip(sorted(found, key=key), sorted(truth, key=key), strict=True))
    other = sum(key(a)[:2] != key(b)[:2] for a, b in pairs)
    apart = max(abs(x - y) for a, b in pairs for x, y in zip(a[2], b[2], strict=True))
    return f"all {len(found)} boxes, {other} under another name, {apart:.2g} px apart at most"


if __name__ == "__main__":
    main()
