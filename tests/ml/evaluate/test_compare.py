"""The bootstrap's AP is pycocotools' AP of the drawn pictures; its interval knows a better model from luck."""

import numpy as np
import pytest

from ml.errors import BadAnnotations
from ml.evaluate.compare import (
    average_precision,
    bootstrap_over_seeds,
    matched_categories,
    over_seeds,
    paired_bootstrap,
)
from ml.evaluate.detection import evaluate
from tests.ml.evaluate.drawn import drawn


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
    matches = matched_categories(truth, results)
    rng = np.random.default_rng(seed)
    for _ in range(3):
        counts = np.bincount(rng.integers(0, 12, 12), minlength=12)
        expected = evaluate(*repeated(truth, results, counts)).ap
        assert average_precision(matches, counts) == pytest.approx(expected, abs=1e-9)


def test_a_draw_has_it_too_where_many_images_have_equal_scores():
    truth, results = drawn(seed=5)
    ranked = [
        {**r, "score": sum(o["image_id"] == r["image_id"] for o in results[:n]) / 20} for n, r in enumerate(results)
    ]
    matches = matched_categories(truth, ranked)
    counts = np.array([3, 0, 1, 2, 0, 0, 1, 1, 4, 0, 0, 0])
    expected = evaluate(*repeated(truth, ranked, counts)).ap
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
    assert found["p"] == pytest.approx(2 / 201, abs=1e-5)  # no draw beyond nil, and the data themselves
    assert paired_bootstrap(truth, poor, good, draws=200) == found  # the same seed, the same draws


def test_runs_of_several_seeds_are_compared_in_pairs():
    truth, first = drawn(images=30, noise=4.0, found=1.0)
    _, second = drawn(images=30, noise=4.0, found=1.0, seed=0)
    _, worse = drawn(images=30, noise=12.0, found=1.0)
    same = bootstrap_over_seeds(truth, [first, worse], [first, worse], draws=50)
    assert (same["difference"], same["low"], same["high"]) == (0, 0, 0)  # the luck of a seed is in both and cancels out
    one = paired_bootstrap(truth, worse, second, draws=200)
    mixed = bootstrap_over_seeds(truth, [worse, worse], [second, worse], draws=200)
    assert mixed["difference"] == pytest.approx(one["difference"] / 2, abs=1e-5)
    assert mixed["low"] == pytest.approx(0, abs=1e-6)  # one seed of two shows no difference, so that it may be luck
    assert bootstrap_over_seeds(truth, [worse], [second], draws=200) == one


def test_a_draw_without_truth_is_drawn_again():
    truth, results = drawn(images=30)
    one = {**truth, "annotations": [{**truth["annotations"][0], "iscrowd": 0}]}  # every third draw lacks its image
    found = paired_bootstrap(one, [], results, draws=40)
    assert found["draws"] == 40
    assert 0 <= found["low"] <= found["high"] <= 1  # and so no NaN
    assert found["first"] == 0.0


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
