"""`python -m ml.synth` writes drives that the product and ml.train can read."""

import json

import numpy as np
import pytest
from PIL import Image

from ml.coco import validate
from ml.synth import DriveSpec, render_drive
from ml.synth.__main__ import main

SHORT = ["--seed", "3", "--width", "160", "--height", "96", "--fps", "2", "--seconds", "1"]


def test_stills_depth_and_truth(tmp_path, capsys):
    main([*SHORT, "--frames", "--depth", "--out", str(tmp_path)])
    summary = json.loads(capsys.readouterr().out)
    coco = json.loads((tmp_path / "truth.json").read_text())
    validate(coco)
    assert summary["frames"] == len(coco["images"]) == 2
    assert {image["drive"] for image in coco["images"]} == {"rendered-3"}
    for image, frame in zip(coco["images"], render_drive(DriveSpec(3, 160, 96, 2, 1, dense=True)), strict=True):
        with Image.open(tmp_path / image["file_name"]) as file:
            assert file.size == (160, 96)
        depth = np.asarray(Image.open(tmp_path / "depth" / f"{frame.index:06d}.png")) / 256
        seen = np.isfinite(frame.depth) & (frame.depth < 255)
        assert depth[seen] == pytest.approx(frame.depth[seen], abs=0.002)
        assert (depth[np.isinf(frame.depth)] == 0).all()


def test_a_video_with_every_option(tmp_path):
    main(
        [
            *SHORT,
            "--randomised",
            "--shutter-ms",
            "20",
            "--shake",
            "3",
            "--weather",
            "fog",
            "--time-of-day",
            "night",
            "--out",
            str(tmp_path),
        ]
    )
    assert (tmp_path / "drive.mp4").stat().st_size > 1000
    coco = json.loads((tmp_path / "truth.json").read_text())
    assert {(image["time_of_day"], image["weather"]) for image in coco["images"]} == {("night", "fog")}


def test_a_weather_that_is_none_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([*SHORT, "--weather", "hail", "--out", str(tmp_path)])
    assert "hail" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
