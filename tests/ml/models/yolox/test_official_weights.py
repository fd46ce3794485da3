"""The official nano's weights, taken over for three categories as a run would begin with them: nothing is lost, and frames keep their shape."""

import numpy as np
import pytest
from PIL import Image

from ml.evaluate.detection import evaluate
from ml.models.detector import build_detector
from ml.models.yolox.training import begin
from ml.train.recipe import TrainRecipe
from tests.ml.models.test_yolox_onnx import TRAFFIC, kitti_truth


def test_average_precision_on_kitti_before_any_training(shared_data, tmp_path):
    """docs/results.md: 0.238 in the official square input, 0.416 in as many pixels of the frame's own shape."""
    init = f"yolox-onnx:{shared_data / 'weights' / 'yolox_nano_coco.onnx'}"
    trainee = begin(TrainRecipe(family="yolox", init=init, width=416, height=416, categories=TRAFFIC), None)
    trainee.save(trainee.model, tmp_path / "model")
    detector = build_detector(str(tmp_path / "model"))
    truth = kitti_truth(shared_data / "kitti")
    ids = {category["name"]: category["id"] for category in truth["categories"]}
    results = []
    for image in truth["images"]:
        pixels = np.asarray(Image.open(shared_data / "kitti" / "image_2" / image["file_name"]).convert("RGB"))
        for found in detector.predict([pixels], TRAFFIC, score_threshold=0.01, candidate_threshold=0.01)[0]:
            box = {"bbox": list(found.box_xywh), "score": found.score}
            results.append({"image_id": image["id"], "category_id": ids[found.category], **box})
    report = evaluate(truth, results)
    assert [report.ap, report.ap50] == pytest.approx([0.4162, 0.6804], abs=0.005)
    assert report.per_category == pytest.approx({"car": 0.4321, "truck": 0.5097, "person": 0.3068}, abs=0.005)
