"""Pre-labels and their risk: written chunk by chunk, the same however often the worker dies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.workers.conftest import Killed
from webapp.core import storage
from webapp.footage.models import Drive, Frame
from webapp.footage.services import prelabel_enqueue
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.labels.models import Box, BoxEvent
from webapp.registry.models import ModelVersion
from workers import model_cache
from workers.lifecycle import run
from workers.tasks import prelabel_frames

pytestmark = pytest.mark.django_db
CHUNKS = 3  # twenty frames, eight at a time


@pytest.fixture
def footage(drive, ingest, video) -> Drive:
    """Twenty frames of one car, not labelled yet."""
    ingest(video)
    return drive


def queued(drive: Drive, model: ModelVersion, **options) -> Job:
    Job.objects.filter(kind="prelabel_frames", state="queued").delete()  # the one that the ingest made
    return prelabel_enqueue(drive, model, **options)


def prelabelled(drive: Drive, model: ModelVersion, **options) -> Job:
    job = run(queued(drive, model, **options).id, worker="test")
    assert job
    return job


def boxes(drive: Drive) -> list[tuple]:
    """Everything about the boxes but the ids and times of their rows."""
    return list(
        Box.objects.filter(frame__drive=drive)
        .order_by("frame_id", "model_version_id", "index")
        .values_list(
            *("frame__index", "index", "category__name", "x", "y", "width", "height", "score", "probs", "state"),
            *("source", "risk", "severity", "signals", "cipo", "track__number", "model_version__ref"),
        )
    )


def frames(drive: Drive) -> list[tuple]:
    return list(Frame.objects.filter(drive=drive).order_by("index").values_list("index", "state", "risk"))


def succeed_worker(job: Job) -> Job:
    """What the reaper and the next worker do."""
    Job.objects.filter(id=job.id).update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    services.reap()
    ended = run(job.id, worker="second")
    assert ended
    return ended


def test_every_frame_gets_its_boxes_with_risk_and_reasons(footage, model):
    job = prelabelled(footage, model)
    assert (job.state, job.done, job.total) == ("succeeded", 20, 20)
    assert job.result["boxes"] == 40
    car, candidate = Box.objects.filter(frame__index=5, frame__drive=footage).order_by("index")
    assert (car.category.name, car.state, car.source) == ("car", "pending", "pseudo")
    assert (candidate.category.name, candidate.state) == ("truck", "missed_candidate")
    assert 0 < car.risk < 1
    assert all(signal["sentence"] for signal in car.signals)
    assert car.probs["bus"] == pytest.approx(car.score / 2, abs=1e-5)
    assert set(Frame.objects.filter(drive=footage).values_list("state", flat=True)) == {"prelabelled"}
    assert all(0 < risk < 1 for _, _, risk in frames(footage))
    footage.refresh_from_db()
    assert footage.label_model == model


def test_the_weights_that_labelled_are_on_record(footage, model, detector):
    job = prelabelled(footage, model)
    model.refresh_from_db()
    assert (model.sha256, job.result["sha256"]) == (detector.sha256, detector.sha256)


def test_history_begins_with_the_proposal(footage, model):
    prelabelled(footage, model)
    events = BoxEvent.objects.filter(frame__drive=footage)
    assert set(events.values_list("kind", flat=True)) == {"proposed"}
    assert events.count() == Box.objects.count()


def test_one_car_is_one_track_through_the_clip(footage, model):
    prelabelled(footage, model)
    cars = Box.objects.filter(frame__drive=footage, category__name="car")
    assert cars.count() == 20
    assert len(set(cars.values_list("track", flat=True))) == 1
    assert cars.first().track is not None


def test_the_asked_thresholds_count(footage, model):
    prelabelled(footage, model, score_threshold=0.75)
    states = set(Box.objects.filter(category__name="car").values_list("state", flat=True))
    assert states == {"pending", "missed_candidate"}


def test_a_second_run_replaces_the_first(footage, model):
    prelabelled(footage, model)
    first = boxes(footage)
    prelabelled(footage, model)
    assert boxes(footage) == first


def test_decisions_outlive_a_second_run(footage, model):
    prelabelled(footage, model)
    decided = Box.objects.filter(frame__index=3, index=0).get()
    Box.objects.filter(id=decided.id).update(state=Box.State.EDITED, x=1.5, risk=0.25)
    Frame.objects.filter(id=decided.frame_id).update(state=Frame.State.AUDITED)
    prelabelled(footage, model)
    decided.refresh_from_db()
    assert (decided.state, decided.x, decided.risk) == ("edited", 1.5, 0.25)
    assert Frame.objects.get(id=decided.frame_id).state == "audited"


def test_two_models_boxes_lie_side_by_side(footage, model, detector):
    prelabelled(footage, model)
    other = ModelVersion.objects.create(workspace=footage.workspace, name="other", ref="/other")
    prelabelled(footage, other)
    assert Box.objects.filter(model_version=model).count() == Box.objects.filter(model_version=other).count() == 40
    footage.refresh_from_db()
    assert footage.label_model == other


def test_only_new_frames_are_looked_at_when_asked(footage, model, detector):
    Frame.objects.filter(drive=footage, index__gte=8).update(state=Frame.State.PRELABELLED)
    job = prelabelled(footage, model, only_new=True)
    assert (job.total, detector.calls) == (8, 1)
    assert not Box.objects.filter(frame__index__gte=8).exists()


def test_excluded_frames_are_left_out(footage, model):
    Frame.objects.filter(drive=footage, index__gte=4).update(state=Frame.State.EXCLUDED)
    assert prelabelled(footage, model).total == 4


@pytest.fixture
def undisturbed(footage, model) -> tuple[list[tuple], list[tuple]]:
    """What a run gives that nobody disturbs; the rows are removed again."""
    prelabelled(footage, model)
    expected = boxes(footage), frames(footage)
    Box.objects.all().delete()
    Frame.objects.update(state=Frame.State.NEW, risk=0)
    Drive.objects.update(label_model=None)
    return expected


@pytest.mark.parametrize("only_new", [False, True])
@pytest.mark.parametrize("chunk", range(1, CHUNKS + 1))
def test_a_worker_killed_before_a_chunk(footage, model, detector, undisturbed, chunk, only_new):
    detector.calls = 0
    detector.before = _kill_at(chunk)
    job = queued(footage, model, only_new=only_new)
    with pytest.raises(Killed):
        run(job.id, worker="first")
    assert Box.objects.count() == 16 * (chunk - 1), "whole chunks only"
    detector.before = lambda call: None
    ended = succeed_worker(job)
    assert detector.calls == chunk + CHUNKS - chunk + 1, "no chunk behind the checkpoint ran again"
    assert (ended.state, ended.attempts, ended.result["boxes"], ended.done) == ("succeeded", 2, 40, 20)
    assert (boxes(footage), frames(footage)) == undisturbed


@pytest.mark.parametrize("step", ["prelabels_write", "drive_risk_write"])
def test_a_worker_killed_while_it_writes(footage, model, undisturbed, monkeypatch, step):
    job = queued(footage, model)
    original = getattr(prelabel_frames, step)

    def write_then_die(*args, **kwargs):
        original(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(prelabel_frames, step, write_then_die)
        with pytest.raises(Killed):
            run(job.id, worker="first")
    ended = succeed_worker(job)
    assert (ended.result["boxes"], ended.done) == (40, 20)
    assert (boxes(footage), frames(footage)) == undisturbed


def test_a_worker_that_was_thought_dead_writes_nothing_more(footage, model, detector, undisturbed):
    job = queued(footage, model)
    detector.calls = 0

    def lose_the_job(call: int) -> None:
        if call == 2:
            detector.before = lambda call: None
            succeed_worker(job)
            written.append(boxes(footage))

    written: list[list[tuple]] = []
    detector.before = lose_the_job
    run(job.id, worker="first")
    assert detector.calls == 2 + CHUNKS - 1, "the first worker stopped at its second chunk"
    assert [boxes(footage)] == written
    assert (boxes(footage), frames(footage)) == undisturbed


def test_two_jobs_on_one_drive_end_as_one_would(footage, model, undisturbed, monkeypatch):
    """The second runs from beginning to end while the first assesses the drive."""
    first, second = queued(footage, model, only_new=True), prelabel_enqueue(footage, model)
    assess, runs = prelabel_frames.assessed, []

    def interrupted(*args, **options):
        found = assess(*args, **options)
        if not runs:
            runs.append("second")
            assert run(second.id, worker="second").state == "succeeded"
        return found

    monkeypatch.setattr(prelabel_frames, "assessed", interrupted)
    assert run(first.id, worker="first").state == "succeeded"
    assert (boxes(footage), frames(footage)) == undisturbed


def _kill_at(chunk: int):
    def before(call: int) -> None:
        if call == chunk:
            raise Killed

    return before


def test_a_cancelled_run_keeps_whole_chunks_and_goes_on_when_retried(footage, model, detector, undisturbed):
    job = queued(footage, model)
    detector.calls = 0
    detector.before = lambda call: services.cancel(job) if call == 2 else None
    assert run(job.id, worker="test").state == "cancelled"
    assert Box.objects.count() == 32
    services.retry(Job.objects.get(id=job.id))
    assert run(job.id, worker="test").state == "succeeded"
    assert (boxes(footage), frames(footage)) == undisturbed


def test_a_model_that_cannot_be_loaded_is_named(footage, monkeypatch):
    monkeypatch.setattr(model_cache, "_loaded", {})
    missing = ModelVersion.objects.create(workspace=footage.workspace, name="gone", ref="yolox-onnx:/no/such/file.onnx")
    job = prelabelled(footage, missing)
    assert (job.state, job.error_code) == ("failed", "bad_checkpoint")
    assert "file.onnx" in job.error_detail
    assert not Box.objects.exists()


def test_a_picture_that_is_gone_is_named(footage, model):
    frame = Frame.objects.get(drive=footage, index=10)
    storage.remove(frame.image_key)
    job = prelabelled(footage, model)
    assert (job.state, job.error_code) == ("failed", "frame_missing")
    assert frame.name in job.error_detail


def test_what_nobody_expected_keeps_its_trace(footage, model, detector):
    detector.before = lambda call: 1 / 0
    job = prelabelled(footage, model)
    assert (job.state, job.error_code) == ("failed", "unexpected")
    assert any("ZeroDivisionError" in line.message and "Traceback" in line.message for line in job.logs.all())


def test_the_official_yolox_labels_real_footage(shared_data, drive, ingest):
    ref = f"yolox-onnx:{shared_data / 'weights' / 'yolox_nano_coco.onnx'}"
    ingest(shared_data / "kitti" / "image_2" / "000007.jpeg")
    job = prelabelled(drive, ModelVersion.objects.create(workspace=drive.workspace, name="yolox", ref=ref))
    assert job.state == "succeeded", job.error_detail
    assert Box.objects.filter(state="pending", category__name="car").exists()
