"""COCO figures from the terminal: of stored predictions, of a model on a frozen version, and the yardstick on real frames."""

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from tests.factories import BoxFactory, FrameFactory, MembershipFactory, ModelVersionFactory
from tests.workers.conftest import BrightBlock
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.prelabels import PrelabelledFrame, prelabels_write
from webapp.labels.services import operations_apply
from webapp.registry.models import Evaluation
from workers import model_cache

pytestmark = [pytest.mark.django_db, pytest.mark.once]
YARDSTICK = {"car": 0.306, "truck": 0.219, "person": 0.189}
SHAPE = {"x": 300.0, "y": 10.0, "width": 40.0, "height": 40.0}


def command(name, *arguments):
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.fixture
def member():
    return MembershipFactory()


@pytest.fixture
def frame(member):
    return FrameFactory(clip__drive__workspace=member.workspace, with_picture=True)


@pytest.fixture
def model(member, frame):
    """It found one of two cars, and named it so."""
    model = ModelVersionFactory(workspace=member.workspace, name="half")
    box = BoxFactory.build(frame=frame, model_version=model, index=0)
    box.category = frame.drive.taxonomy.categories.get(name="car")
    prelabels_write([PrelabelledFrame(frame, [box])], model=model, only_new=False)
    return model


def decide(frame, member, *operations):
    """Each operation with an id of its own, on the frame's newest version."""
    version = Frame.objects.get(id=frame.id).version
    filled = [{"id": uuid4(), **operation} for operation in operations]
    operations_apply(frame=frame, operations=filled, expected_version=version, actor=member.user)


def test_a_prediction_counts_as_it_was_made_and_truth_as_it_was_decided(member, frame, model):
    box = Box.objects.get()
    decide(frame, member, {"kind": "reshape", "box": box.client_id, **SHAPE}, {"kind": "finish"})
    report = command("evaluate", "--predictions-of", "half", "--truth-of", "human")
    assert (report["frames"], report["truths"], report["detections"], report["AP"]) == (1, 1, 1, 0.0)


def test_an_accepted_prediction_is_right(member, frame, model):
    decide(frame, member, {"kind": "accept", "box": Box.objects.get().client_id}, {"kind": "finish"})
    report = command("evaluate", "--predictions-of", model.id, "--truth-of", "human", "--categories", "car", "bus")
    assert report["AP"] == pytest.approx(1.0)
    assert report["per_category"] == {"car": pytest.approx(1.0), "bus": -1.0}


def test_what_is_found_on_an_empty_frame_is_wrong(member, frame, model):
    """The picture without any imported box counts too."""
    imported = FrameFactory(clip=frame.clip, state=Frame.State.AUDITED)
    for each in (frame, imported):
        Frame.objects.filter(id=each.id).update(state=Frame.State.AUDITED)
    BoxFactory(frame=imported, source=Box.Source.IMPORTED, state=Box.State.ACCEPTED)
    report = command("evaluate", "--predictions-of", "half", "--truth-of", "imported")
    assert (report["frames"], report["truths"], report["detections"], report["AP"]) == (2, 1, 1, 0.0)


def test_a_model_runs_on_a_frozen_version(member, tmp_path, monkeypatch):
    frame = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.AUDITED, with_picture=True)
    BoxFactory(frame=frame, x=0.0, y=0.0, width=640.0, height=360.0, state=Box.State.ACCEPTED)
    dataset = dataset_create(workspace=member.workspace, name="set", taxonomy=frame.drive.taxonomy)
    version = version_create(
        dataset=dataset,
        drives=[(frame.drive, "test")],
        include_unaudited=False,
        override_reason="test",
        created_by=member.user,
    )
    version_freeze(version, lambda done, total: None)
    monkeypatch.setattr(model_cache, "build_detector", lambda ref: WholePicture())
    monkeypatch.setattr(model_cache, "_loaded", {})
    results = tmp_path / "results.json"
    report = command("evaluate", "--model", "any", "--dataset", "set/1", "--split", "test", "--results", results)
    assert report["AP"] == pytest.approx(1.0)
    assert json.loads(results.read_text())[0]["bbox"] == [0.0, 0.0, 640.0, 360.0]
    assert Evaluation.objects.get().figures["AP"] == pytest.approx(1.0)  # it stays, and the page shows it
    with pytest.raises(CommandError, match="no split 'val', only test"):
        command("evaluate", "--model", "any", "--dataset", "set/1", "--split", "val")


class WholePicture(BrightBlock):
    """Sees one car as large as the grey picture."""

    def predict(self, frames, categories, **thresholds):
        return [
            [found[0]] for found in super().predict([frame // 128 * 255 for frame in frames], categories, **thresholds)
        ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give --model and --dataset"),
        (["--model", "any", "--dataset", "none/1"], "no version"),
        (["--predictions-of", "nobody", "--truth-of", "human"], "No model 'nobody'"),
        (["--predictions-of", "half", "--truth-of", "imported"], "No frame here has imported truth"),
    ],
)
def test_what_is_not_there_is_named(model, arguments, message):
    with pytest.raises(CommandError, match=message):
        command("evaluate", *arguments)


def test_the_yardstick_on_sixty_kitti_frames(member, shared_data):
    """An independent evaluation of the same network gave these figures; see shared/data's README."""
    weights = shared_data / "weights" / "yolox_nano_coco.onnx"
    ignored = ("Cyclist", "Tram", "Misc", "DontCare")
    imported = command(
        "import_dataset", "--format", "kitti", shared_data / "kitti", "--drive", "kitti", "--ignore", *ignored
    )
    assert (imported["frames"], imported["problems"]) == (60, 0)
    ref = f"yolox-onnx:{weights}"
    command("prelabel", "--drive", "kitti", "--model", ref, "--score", 0.01, "--nms", 0.65)
    report = command("evaluate", "--predictions-of", ref, "--truth-of", "imported", "--categories", *YARDSTICK)
    assert report["AP"] == pytest.approx(0.238, abs=0.005)
    assert report["per_category"] == {name: pytest.approx(ap, abs=0.005) for name, ap in YARDSTICK.items()}
