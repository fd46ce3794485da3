"""The official YOLOX export against an independent evaluation of the same network."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.errors import BadCheckpoint, IncompatibleTaxonomy
from ml.evaluate.detection import evaluate
from ml.models.coco_names import COCO_NAMES
from ml.models.yolox.classes import class_columns
from ml.models.yolox_onnx import YoloxOnnxDetector, letterbox
from ml.schemas import Category
from ml.taxonomies import GDDA13

TRAFFIC = (Category("car", "car"), Category("truck", "truck"), Category("person", "person", "vulnerable"))
KITTI = {"Car": 1, "Van": 1, "Truck": 2, "Pedestrian": 3, "Person_sitting": 3}


@pytest.fixture(scope="module")
def detector(shared_data: Path) -> YoloxOnnxDetector:
    return YoloxOnnxDetector(shared_data / "weights" / "yolox_nano_coco.onnx", threads=1)


def kitti_truth(folder: Path) -> dict:
    images, annotations = [], []
    for image_id, path in enumerate(sorted((folder / "image_2").iterdir()), start=1):
        with Image.open(path) as image:
            images.append({"id": image_id, "width": image.width, "height": image.height, "file_name": path.name})
        for line in (folder / "label_2" / f"{path.stem}.txt").read_text().splitlines():
            word = line.split()
            x1, y1, x2, y2 = map(float, word[4:8])
            category = KITTI.get(word[0])
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": category,
                    "bbox": [x1, y1, x2 - x1, y2 - y1],
                    "iscrowd": int(category is None),
                }
            )
    categories = [{"id": k, "name": c.name} for k, c in enumerate(TRAFFIC, start=1)]
    return {"images": images, "annotations": annotations, "categories": categories}


def test_average_precision_on_kitti_equals_the_yardstick(detector, shared_data):
    """Yardstick: shared/data/README.md, computed independently of this project."""
    truth = kitti_truth(shared_data / "kitti")
    ids = {category["name"]: category["id"] for category in truth["categories"]}
    results = []
    for image in truth["images"]:
        pixels = np.asarray(Image.open(shared_data / "kitti" / "image_2" / image["file_name"]).convert("RGB"))
        for found in detector.predict([pixels], TRAFFIC, score_threshold=0.01, candidate_threshold=0.01)[0]:
            box = list(found.box_xywh)
            results.append(
                {"image_id": image["id"], "category_id": ids[found.category], "bbox": box, "score": found.score}
            )
    report = evaluate(truth, results)
    assert report.frames == 60
    assert report.detections == pytest.approx(2130, abs=10)
    measured = [report.ap, report.ap50, report.ap_small, report.ap_medium, report.ap_large]
    assert measured == pytest.approx([0.2382, 0.4645, 0.0359, 0.2298, 0.4890], abs=0.005)
    assert report.per_category == pytest.approx({"car": 0.3062, "truck": 0.2189, "person": 0.1894}, abs=0.005)


def test_boxes_lie_inside_the_frame_with_a_probability_for_each_category(detector, shared_data):
    pixels = np.asarray(Image.open(shared_data / "frames" / "udacity_test1.jpg").convert("RGB"))
    found = detector.predict([pixels], GDDA13)[0]
    assert any(d.category == "car" and not d.candidate for d in found)
    assert [d.score for d in found] == sorted((d.score for d in found), reverse=True)
    for d in found:
        x, y, w, h = d.box_xywh
        assert 0 <= x < x + w <= pixels.shape[1]
        assert 0 <= y < y + h <= pixels.shape[0]
        assert d.probs[d.category] == d.score
        assert d.candidate == (d.score < 0.3)
        assert 0.1 < d.score <= 1


def test_prediction_of_a_batch_equals_that_of_its_frames(detector):
    frames = list(np.random.default_rng(0).integers(0, 255, (2, 90, 160, 3), dtype=np.uint8))
    assert detector.predict(frames, TRAFFIC) == [detector.predict([frame], TRAFFIC)[0] for frame in frames]


def test_categories_are_found_by_name_phrase_or_alias():
    columns = class_columns(GDDA13)
    named = {category: [COCO_NAMES[c] for c in classes] for category, classes in columns.items()}
    assert named == {
        "car": ["car"],
        "bus": ["bus"],
        "truck": ["truck"],
        "person": ["person"],
        "trafficlight": ["traffic light"],
        "sign": ["stop sign"],
    }


def test_a_taxonomy_without_any_coco_class_is_refused():
    with pytest.raises(IncompatibleTaxonomy, match="pothole"):
        class_columns([Category("pothole", "pothole in the road")])


def test_letterbox_lies_top_left_on_grey_in_blue_green_red():
    frame = np.zeros((100, 200, 3), dtype=np.uint8)
    frame[..., 0] = 255
    blob, scale = letterbox(frame, 416, 416)
    assert scale == pytest.approx(2.08)
    assert blob.shape == (1, 3, 416, 416)
    assert blob[0, :, 0, 0].tolist() == [0, 0, 255]
    assert blob[0, :, 207, 415].tolist() == [0, 0, 255]
    assert np.all(blob[0, :, 208:] == 114)


def test_files_that_are_no_yolox_export_are_refused_by_name(tmp_path):
    with pytest.raises(BadCheckpoint, match=r"absent\.onnx"):
        YoloxOnnxDetector(tmp_path / "absent.onnx")
    (tmp_path / "text.onnx").write_text("not a model")
    with pytest.raises(BadCheckpoint, match=r"text\.onnx cannot be loaded"):
        YoloxOnnxDetector(tmp_path / "text.onnx")
    (tmp_path / "identity.onnx").write_bytes(identity_model())
    with pytest.raises(BadCheckpoint, match="no official YOLOX export"):
        YoloxOnnxDetector(tmp_path / "identity.onnx")


def identity_model() -> bytes:
    """The smallest ONNX model, y = Identity(x) on one float, as protobuf fields; the `onnx` package is no dependency."""

    def field(number: int, content: bytes | int) -> bytes:
        if isinstance(content, int):
            return bytes([number << 3, content])
        return bytes([number << 3 | 2, len(content)]) + content

    shape = field(2, field(1, field(1, 1)))
    value = {n: field(1, n) + field(2, field(1, field(1, 1) + shape)) for n in (b"x", b"y")}
    node = field(1, b"x") + field(2, b"y") + field(4, b"Identity")
    graph = field(1, node) + field(2, b"g") + field(11, value[b"x"]) + field(12, value[b"y"])
    return field(1, 8) + field(7, graph) + field(8, field(2, 13))
