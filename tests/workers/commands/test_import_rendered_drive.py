"""A rendered drive with its truth is a data set that the product imports."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from ml.synth import DriveSpec, render_drive
from ml.synth.__main__ import main
from tests.factories import MembershipFactory
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


def test_every_box_of_a_rendered_drive_comes_in(tmp_path):
    MembershipFactory()
    main(
        [
            "--seed",
            "3",
            "--width",
            "320",
            "--height",
            "192",
            "--fps",
            "2",
            "--seconds",
            "1",
            "--frames",
            "--out",
            str(tmp_path),
        ]
    )
    out = StringIO()
    call_command("import_dataset", "--format", "coco", str(tmp_path / "truth.json"), "--drive", "rendered", stdout=out)
    summary = json.loads(out.getvalue().splitlines()[-1])
    truth = [box for frame in render_drive(DriveSpec(3, 320, 192, 2, 1)) for box in frame.boxes]
    assert (summary["frames"], summary["boxes"], summary["problems"]) == (2, len(truth), 0)
    stored = Box.objects.values_list("category__name", "x", "y", "width", "height", "truncated")
    expected = [(box.category, *map(pytest.approx, box.box_xywh), box.truncated) for box in truth]
    assert sorted(stored) == sorted(expected, key=lambda row: (row[0], *(number.expected for number in row[1:5])))
