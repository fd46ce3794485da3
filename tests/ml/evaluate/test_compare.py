"""The bootstrap's AP is pycocotools' AP of the drawn pictures; its interval knows a better model from luck."""

import random

import numpy as np
import pytest

from ml.errors import BadAnnotations
from ml.evaluate.compare import _matches, average_precision, over_seeds, paired_bootstrap
from ml.evaluate.detection import evaluate

CATEGORIES = [{"id": 1, "name": "car"}, {"id": 2, "name": "bus"}]


def drawn(images=12, seed=0, noise=6.0, found=0.8):
    """Random truths, and detections that find `found` of them with some noise, among false ones."""
    rng = random.Random(seed)
    truth = {"images": [], "annotations": [], "categories": CATEGORIES}
    results = []
    for image in range(1, images + 1):
        truth["images"].append({"id": image, "file_name": f"{image}", "width": 500, "height": 500})
        for _ in range(rng.randint(0, 5)):
            box = [rng.uniform(0, 300), rng.uniform(0, 300), rng.uniform(20, 120), rng.uniform(20, 120)]
            category = rng.choice([1, 2])
            truth["annotations"].append(
                {"id": len(truth["annotations"]) + 1, "image_id": image, "category_id": category, "bbox": box}
                | {"area": box[2] * box[3], "iscrowd": int(rng.random() < 0.1)}
            )
            if rng.random() < found:
                moved = [value + rng.gauss(0, noise) for value in box[:2]] + box[2:]
                results.append({"image_id": image, "category_id": category, "bbox": moved, "score": rng.random()})
        for _ in range(rng.randint(0, 3)):
            box = [rng.uniform(0, 300), rng.uniform(0, 300), 50, 50]
            results.append({"image_id": image, "category_id": rng.choice([1, 2]), "bbox": box, "score": rng.random()})
    return truth, results


def repeated(truth, results, counts):
    """Every image i as many times as it was drawn, each copy an image of its own."""
    more, found, id = {**truth, "images": [], "annotations": []}, [], 0
    for image, count in zip(truth["images"], counts, strict=True):
        for _ in range(count):
            id += 1
            more["images"].append({**image, "id": id})
            for annotation in truth["annotations"]:
                if annotation["image_id"] == image["id"]:
                    copy = {**annotation, "id": len(more["annotations"]) + 1, "image_id": id}
                    more["annotations"].append(copy)
            found += [{**r, "image_id": id} for r in results if r["image_id"] == image["id"]]
    return more, found


@pytest.mark.parametrize("seed", range(4))
def test_a_draw_has_the_ap_that_pycocotools_gives_it(seed):
    truth, results = drawn(seed=seed)
    matches = _matches(truth, results)
    rng = np.random.default_rng(seed)
    for _ in range(3):
        counts = np.bincount(rng.integers(0, 12, 12), minlength=12)
        expected = evaluate(*repeated(truth, results, counts)).ap
        assert average_precision(matches, counts) == pytest.approx(expected, abs=1e-9)


def test_a_model_is_no_better_than_itself():
    truth, results = drawn()
    found = paired_bootstrap(truth, results, results, draws=50)
    assert (found["difference"], found["low"], found["high"], found["p"]) == (0, 0, 0, 1)


def test_a_clearly_better_model_is_told_from_luck():
    truth, good = drawn(images=40, noise=1.0, found=1.0)
    _, poor = drawn(images=40, noise=25.0, found=1.0)
    found = paired_bootstrap(truth, poor, good, draws=200)
    assert found["difference"] == pytest.approx(evaluate(truth, good).ap - evaluate(truth, poor).ap, abs=1e-4)
    assert 0 < found["low"] < found["difference"] < found["high"]
    assert found["p"] < 0.05
    assert paired_bootstrap(truth, poor, good, draws=200) == found  # the same seed, the same draws


def test_without_truth_there_is_nothing_to_compare():
    truth, results = drawn()
    with pytest.raises(BadAnnotations, match="no truth"):
        paired_bootstrap({**truth, "annotations": []}, results, results, draws=5)


def test_seeds_have_a_mean_and_a_deviation():
    assert over_seeds([0.2, 0.4]) == {
        "mean": pytest.approx(0.3),
        "deviation": pytest.approx(0.141421, abs=1e-6),
        "n": 2,
    }
    assert over_seeds([0.2])["deviation"] is None
