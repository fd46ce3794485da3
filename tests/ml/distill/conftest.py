"""A few rendered frames as a COCO file: pictures that come again, with labels of every worth."""

import json
from pathlib import Path

import pytest
from PIL import Image

from ml.synth import random_scene
from ml.taxonomies import GDDA13

WIDTH, HEIGHT, FRAMES = 128, 96, 4


@pytest.fixture(scope="session")
def frames(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("frames")
    categories = [{"id": number, "name": category.name} for number, category in enumerate(GDDA13)]
    ids = {category["name"]: category["id"] for category in categories}
    images, annotations = [], []
    for number in range(FRAMES):
        scene = random_scene(50 + number, WIDTH, HEIGHT)
        Image.fromarray(scene.image).save(folder / f"{number}.png")
        images.append({"id": number, "file_name": f"{number}.png", "width": WIDTH, "height": HEIGHT, "drive": "a"})
        for box in scene.boxes:
            place = len(annotations)
            worth = {
                "risk": (0.1, 0.4, 0.9)[place % 3],
                "severity": 1.0 + place % 2,
                "score": (0.9, 0.5, 0.2)[place % 3],
            }
            known = {"id": place, "image_id": number, "category_id": ids[box.category], "bbox": list(box.box_xywh)}
            annotations.append({**known, **worth})
    path = folder / "train.json"
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}))
    return path
