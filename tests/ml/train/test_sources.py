"""Frames of a COCO file as training pictures: every epoch all of them, boxes with their risk, bad files by name."""

import json
import random

import numpy as np
import pytest
from PIL import Image

from ml.errors import BadAnnotations, EmptySplit, SharedDrives
from ml.train.recipe import TrainRecipe
from ml.train.sources import CocoFrames, refuse_shared, source_of


def coco_file(folder, name="train.json", drives=("a", "a", "b"), **more):
    """Three 64x48 frames, each of its own grey, with a car; the second has a crowd of people too."""
    images, annotations = [], []
    for number, drive in enumerate(drives):
        file_name = f"{name[:-5]}{number}.png"
        Image.fromarray(np.full((48, 64, 3), 40 * (number + 1), np.uint8)).save(folder / file_name)
        images.append({"id": number, "file_name": file_name, "width": 64, "height": 48, "drive": drive})
        car = {"id": number, "image_id": number, "category_id": 1, "bbox": [8, 8, 16, 12], "risk": 0.25 * number}
        annotations.append({**car, "severity": 1.5})
    crowd = {"id": 9, "image_id": 1, "category_id": 2, "bbox": [0, 0, 10, 10], "iscrowd": 1}
    categories = [{"id": 1, "name": "car"}, {"id": 2, "name": "person"}]
    coco = {"images": images, "annotations": [*annotations, crowd], "categories": categories, **more}
    (folder / name).write_text(json.dumps(coco))
    return folder / name


def test_every_epoch_has_every_frame_once_in_its_own_order(tmp_path):
    frames = CocoFrames(coco_file(tmp_path), ["car"], seed=0)
    orders = []
    for epoch in range(6):
        shades = [
            int(frames.sample(number, 64, 48, 1.0, random.Random(0)).image[0, 0, 0])
            for number in range(3 * epoch, 3 * epoch + 3)
        ]
        assert sorted(shades) == [40, 80, 120]
        orders.append(tuple(shades))
    assert len(set(orders)) > 1


def test_boxes_come_with_their_risk_and_crowds_are_no_labels(tmp_path):
    second = CocoFrames(coco_file(tmp_path), ["car", "person"], seed=0).read(1)
    assert second.names == ("car",)
    assert second.boxes_xywh.tolist() == [[8, 8, 16, 12]]
    assert (second.risk.tolist(), second.severity.tolist()) == ([0.25], [1.5])


def test_a_split_without_a_wanted_label_is_refused(tmp_path):
    with pytest.raises(EmptySplit, match="no label of bus"):
        CocoFrames(coco_file(tmp_path), ["bus"], seed=0)
    with pytest.raises(EmptySplit, match="no frames"):
        CocoFrames(coco_file(tmp_path, images=[], annotations=[]), ["car"], seed=0)


def test_training_and_validation_share_no_drive_and_no_frame(tmp_path):
    train = coco_file(tmp_path)
    refuse_shared(train, coco_file(tmp_path, "val.json", drives=("c", "d")))
    with pytest.raises(SharedDrives, match="share 1 drive, first 'b'"):
        source_of(TrainRecipe(train=str(train), validate=str(coco_file(tmp_path, "same.json", drives=("b", "x")))))
    frame = {"id": 0, "file_name": "train0.png", "width": 64, "height": 48, "sha256": "ab"}
    twice = [coco_file(tmp_path, f"{n}.json", images=[frame], annotations=[]) for n in ("p", "q")]
    with pytest.raises(SharedDrives, match="share 1 frame"):
        refuse_shared(*twice)


def test_a_missing_or_wrong_picture_is_named(tmp_path):
    path = coco_file(tmp_path)
    (tmp_path / "train0.png").unlink()
    Image.fromarray(np.zeros((10, 10, 3), np.uint8)).save(tmp_path / "train1.png")
    frames = CocoFrames(path, ["car"], seed=0)
    with pytest.raises(BadAnnotations, match=r"train0\.png"):
        frames.read(0)
    with pytest.raises(BadAnnotations, match="is 10x10, not 64x48"):
        frames.read(1)
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(BadAnnotations, match="not a COCO file"):
        CocoFrames(tmp_path / "broken.json", ["car"], seed=0)
