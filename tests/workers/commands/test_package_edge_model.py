"""A YOLOX is packed for devices from the terminal, judged on a frozen version."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from ml.export.bundle import EdgeModel
from ml.models.yolox import folder as folders
from tests.factories import FrameFactory, MembershipFactory
from tests.ml.export.conftest import CARD, small_model
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.labels.services import operations_apply

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    """Two audited frames, each with a car."""
    member = MembershipFactory()
    first = FrameFactory(clip__drive__workspace=member.workspace, with_picture=True)
    car = first.drive.taxonomy.categories.get(name="car")
    shape = {"x": 30.0, "y": 10.0, "width": 40.0, "height": 40.0, "category": car.id}
    for frame in (first, FrameFactory(clip=first.clip, with_picture=True, index=first.index + 1)):
        draw = {"id": uuid4(), "kind": "create", "box": uuid4(), **shape}
        operations_apply(
            frame=frame,
            operations=[draw, {"id": uuid4(), "kind": "finish"}],
            expected_version=frame.version,
            actor=member.user,
        )
    dataset = dataset_create(workspace=member.workspace, name="small", taxonomy=first.drive.taxonomy)
    made = version_create(
        dataset=dataset,
        drives=[(first.drive, "train")],
        include_unaudited=False,
        override_reason="test",
        created_by=member.user,
    )
    return version_freeze(made, lambda done, total: None)


def test_it_is_packed_and_opens(version, tmp_path):
    folders.save(small_model(), CARD, tmp_path / "model")
    out, path = StringIO(), tmp_path / "edge.zip"
    call_command(
        "package_edge_model",
        str(tmp_path / "model"),
        "--dataset",
        "small/1",
        "--out",
        str(path),
        "--no-int8",
        stdout=out,
    )
    report = json.loads(out.getvalue().splitlines()[-1])
    assert report["camera_420"]["frames"] == 1
    assert report["horizon_x3"]["off_bpu"] == 0
    model = EdgeModel(path)
    assert model.sha256 == report["sha256"]
    assert model.precision == "fp32"
    assert model.categories == tuple(category.name for category in CARD.categories)


def test_an_input_that_the_network_cannot_have_is_refused(version, tmp_path):
    folders.save(small_model(), CARD, tmp_path / "model")
    arguments = [
        "package_edge_model",
        str(tmp_path / "model"),
        "--dataset",
        "small/1",
        "--out",
        str(tmp_path / "e.zip"),
    ]
    with pytest.raises(CommandError, match="100x64 is no input"):
        call_command(*arguments, "--width", "100")
    with pytest.raises(CommandError, match="no frames"):
        call_command(*arguments, "--judge-split", "val")
