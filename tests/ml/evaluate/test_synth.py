"""Held-out drives as a yardstick."""

import json
import sys

import pytest

from ml.evaluate import synth
from ml.evaluate.curves import best_threshold
from ml.evaluate.synth import evaluate_on_drives
from ml.schemas import Detection
from ml.synth import DriveSpec, render_drive

SIZE = {"width": 320, "height": 180}


class Oracle:
    """Knows the truth of a drive, frame by frame."""

    name, sha256 = "oracle", "0" * 64

    def __init__(self, seed):
        self.frames = render_drive(DriveSpec(seed, 320, 180, 1.0, 6.0))

    def predict(self, frames, categories, **_):
        return [[Detection(box.box_xywh, box.category, 0.9) for box in next(self.frames).boxes] for _ in frames]


def test_who_knows_the_truth_is_perfect():
    report, threshold = evaluate_on_drives(Oracle(900), seeds=[900], **SIZE)
    assert report.ap == pytest.approx(1.0)
    assert threshold == pytest.approx(0.9)


def test_the_threshold_separates_right_from_wrong():
    box = {"image_id": 1, "category_id": 1, "bbox": [0, 0, 10, 10]}
    image = {"id": 1, "file_name": "1", "width": 99, "height": 99}
    truth = {"images": [image], "categories": [{"id": 1, "name": "car"}], "annotations": [{**box, "id": 1}]}
    elsewhere = {**box, "bbox": [50, 50, 10, 10]}
    results = [{**box, "score": 0.7}, {**elsewhere, "score": 0.6}, {**elsewhere, "score": 0.2}]
    assert best_threshold(truth, results) == 0.7


def test_the_report_is_sliced_by_the_scene_of_each_drive(tmp_path, monkeypatch, capsys):
    spec = next(render_drive(DriveSpec(900, 320, 180, 1.0, 1.0)))
    for name, value in {"WIDTH": 320, "HEIGHT": 180, "HELD_OUT_SEEDS": [900]}.items():
        monkeypatch.setattr(synth, name, value)
    monkeypatch.setattr(synth, "build_detector", lambda ref: Oracle(int(ref)))
    monkeypatch.setattr(sys, "argv", ["synth", "900", "--report", str(tmp_path / "report.json")])
    synth.main()
    report = json.loads((tmp_path / "report.json").read_text())
    assert json.loads(capsys.readouterr().out)["ap"] == pytest.approx(1.0)
    assert list(report["slices"]["drive"]) == ["900"]
    assert list(report["slices"]["time_of_day"]) == [spec.scene["time_of_day"]]
    assert list(report["slices"]["weather"]) == [spec.scene["weather"]]
    assert set(report["error_counts"].values()) == {0}
