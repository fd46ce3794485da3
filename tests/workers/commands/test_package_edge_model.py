"""A YOLOX is packed for devices from the terminal, judged on a frozen version."""

import json
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from ml.export import passes
from ml.export.bundle import EdgeModel
from ml.export.judge import results_on
from ml.models.yolox import folder as folders
from tests.factories import FrameFactory, MembershipFactory
from tests.ml.export.conftest import CARD, small_model
from tests.workers.conftest import Killed
from webapp.config.celery import app as celery
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.edge.models import EdgeExport
from webapp.edge.services import export_create
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.labels.services import operations_apply
from webapp.registry.services import model_version_for
from workers.lifecycle import run

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
        "--target",
        "horizon",
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
    with pytest.raises(CommandError, match="100 is no side of an input"):
        call_command(*arguments, "--width", "100", "--height", "64")
    with pytest.raises(CommandError, match="no labelled frames"):
        call_command(*arguments, "--judge-split", "val")
    assert not (tmp_path / "e.zip").exists()


def test_a_killed_export_goes_on_behind_its_last_whole_pass(version, tmp_path, monkeypatch, settings):
    """The second attempt looks with the networks that had not looked at every frame, and the zip is the one of an unbroken attempt."""
    folders.save(small_model(), CARD, tmp_path / "model")
    made = export_of(version, tmp_path / "model")
    looks = []
    monkeypatch.setattr(passes, "through_camera", lambda frame: killing(looks, frame))
    with pytest.raises(Killed):
        run(made.job_id, worker="first")
    monkeypatch.undo()
    monkeypatch.setattr(celery, "send_task", lambda *args, **more: None)
    jobs.release(Job.objects.get(id=made.job_id))
    monkeypatch.setattr(passes, "results_on", lambda *args: looks.append(args[0]) or results_on(*args))
    assert run(made.job_id, worker="second").state == Job.State.SUCCEEDED
    assert len(looks) == 2  # the one that was killed, and the camera again: 32 bits were kept
    made.refresh_from_db()
    again = export_of(version, tmp_path / "model")
    run(again.job_id, worker="third")
    again.refresh_from_db()
    assert (again.sha256, again.report) == (made.sha256, made.report)
    assert made.speed["fp32"]["p50_ms"] > 0
    assert not (Path(settings.RUNS_ROOT) / f"edge-export-{made.id}").exists()


def test_a_refusal_says_what_was_lost(version, tmp_path):
    """Nothing may be gained, so that any rounding is too much; what was measured stays with the export."""
    folders.save(small_model(), CARD, tmp_path / "model")
    made = export_of(version, tmp_path / "model", target="int8")
    EdgeExport.objects.filter(id=made.id).update(most_lost=-1.0)
    job = run(made.job_id, worker="test")
    assert (job.state, job.error_code) == (Job.State.FAILED, "too_much_lost")
    assert "(limit -1.0) on 1 frames" in job.error_detail
    made.refresh_from_db()
    assert made.archive_key == ""
    assert {"before", "after", "lost", "categories"} <= set(made.report["int8"])
    assert made.report["horizon_x3"]["off_bpu"] == 0


def export_of(version, folder, target="onnx"):
    model = model_version_for(version.dataset.workspace, str(folder))
    return export_create(model=model, version=version, created_by=None, target=target, calibration=2)


def killing(looks, frame):
    looks.append(frame)
    raise Killed
