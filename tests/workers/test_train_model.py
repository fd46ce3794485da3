"""A run from its row to a registered model: the real trainer at its smallest, and what happens around it when things go wrong."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import pytest

from ml.errors import BadCheckpoint, RunBusy
from ml.train.run import RunFolder
from tests.factories import (
    BoxFactory,
    DriveFactory,
    FrameFactory,
    MembershipFactory,
    ModelVersionFactory,
    TaxonomyFactory,
)
from webapp.core import storage
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.footage.models import Frame
from webapp.jobs import services as jobs
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.registry.models import Evaluation, ModelVersion
from webapp.registry.services import STORED
from webapp.training.models import MethodSpec, Metric
from webapp.training.services import estimate_enqueue, metrics_record, run_launch
from workers import model_cache, supervise, training_files
from workers.lifecycle import JobFailed, JobLost, run
from workers.publish import publish_methods
from workers.tasks import train_model

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TINY = {"iterations": 2, "width": 128, "height": 96, "batch": 1, "threads": 1, "warm_up": 1, "device": "cpu"}
TINY |= {"validate_frames": 1, "checkpoint_every": 1, "precision": "fp32"}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.RUNS_ROOT, settings.MODELS_ROOT = tmp_path / "runs", tmp_path / "models"
    publish_methods()


@pytest.fixture
def frozen():
    """Two audited drives, one to train on and one to test on, each with a picture and a car."""
    member = MembershipFactory()
    taxonomy = TaxonomyFactory(workspace=member.workspace)
    places = []
    for split in ("train", "test"):
        drive = DriveFactory(workspace=member.workspace, taxonomy=taxonomy)
        frame = FrameFactory(clip__drive=drive, state=Frame.State.AUDITED, with_picture=True)
        BoxFactory(frame=frame, state=Box.State.ACCEPTED)
        places.append((drive, split))
    dataset = dataset_create(workspace=member.workspace, name="set", taxonomy=taxonomy)
    version = version_create(
        dataset=dataset, drives=places, include_unaudited=False, override_reason="test", created_by=member.user
    )
    return version_freeze(version, lambda done, total: None)


@pytest.fixture
def launched(frozen):
    def launch(**plan):
        values = {
            "name": "tiny",
            "size": "nano",
            "options": TINY,
            "dataset_version": frozen,
            "seed": 1,
            "validation_split": "",
        }
        return run_launch(workspace=frozen.dataset.workspace, created_by=None, method="none", **{**values, **plan})

    return launch


def test_workers_publish_what_they_can_run():
    method = MethodSpec.objects.get(name="none")
    assert method.sizes["grounding-dino"] == ["nano", "mini"]
    assert {"name", "kind", "default", "help", "group", "minimum", "maximum", "choices", "family"} == method.options[
        0
    ].keys()


def test_a_run_becomes_a_model_that_is_evaluated(launched, frozen):
    row = launched()
    job = run(row.job.id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    row.refresh_from_db()
    model = row.model
    assert (job.done, job.total, job.unit) == (2, 2, "iterations")
    assert list(row.metrics.filter(kind=Metric.Kind.TRAIN).values_list("iteration", flat=True)) == [2]
    assert (model.method, model.dataset_version, model.parameters) == ("none", frozen, 3_711_298)
    evaluation = Evaluation.objects.get(model_version=model)
    assert (evaluation.split, evaluation.job.parent_id) == ("test", job.id)
    done = run(evaluation.job.id, worker="test")
    assert done.state == Job.State.SUCCEEDED, done.error_detail
    evaluation.refresh_from_db()
    assert evaluation.figures.keys() == {"AP", "AP50", "AP75", "APs", "APm", "APl", "AR"}
    model.refresh_from_db()
    assert len(model.sha256) == 64


def test_a_second_attempt_behind_the_training_registers_once(launched):
    row = launched()
    run(row.job.id, worker="test")
    Job.objects.filter(id=row.job.id).update(state=Job.State.QUEUED)
    again = run(row.job.id, worker="test")
    row.refresh_from_db()
    assert again.result["model"] == row.model_id
    assert Evaluation.objects.count() == 1


def test_two_runs_of_one_recipe_are_two_models(launched):
    """Their weights are equal to the bit, where the machine computes so."""
    rows = [launched(), launched(name="the same again")]
    for row in rows:
        job = run(row.job.id, worker="test")
        assert job.state == Job.State.SUCCEEDED, job.error_detail
        row.refresh_from_db()
    assert rows[0].model_id != rows[1].model_id
    assert {row.model.name for row in rows} == {"tiny", "the same again"}
    assert all(len(row.model.sha256) == 64 for row in rows)  # nobody has used them yet


def test_a_worker_that_dies_between_model_and_run_leaves_neither(launched, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    row = launched()
    with monkeypatch.context() as patch:
        patch.setattr(train_model, "run_finish", killed)
        with pytest.raises(Killed):
            run(row.job.id, worker="test")
    assert not ModelVersion.objects.filter(name__startswith="tiny").exists()
    Job.objects.filter(id=row.job_id).update(state=Job.State.QUEUED)
    run(row.job_id, worker="test")
    row.refresh_from_db()
    assert row.model.name == "tiny"


def test_a_model_carries_the_figures_of_the_weights_that_are_kept(launched, tmp_path):
    """The best validation was that of iteration 1; the last one was worse."""
    row = launched()
    values = [{"kind": "validate", "iteration": n, "AP": ap, "per_category": {}} for n, ap in ((1, 0.5), (2, 0.1))]
    metrics_record(row, values)
    for name in ("best", "model"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "weights").write_text(name)
    summary = {"figures": {"AP": 0.1}, "best_iteration": 1, "parameters": 7}
    model = train_model._register(row, tmp_path, summary)
    assert model.metrics == {"AP": 0.5}
    with zipfile.ZipFile(storage.open_key(model.archive_key)) as file:
        assert file.read("weights") == b"best"
        assert json.loads(file.read("run.json"))["run"] == row.id


def test_the_trainers_reason_is_the_jobs(launched):
    row = launched(options={**TINY, "device": "cuda"})
    job = run(row.job.id, worker="test")
    if job.state == Job.State.SUCCEEDED:
        pytest.skip("this machine has a GPU")
    assert (job.state, job.error_code) == (Job.State.FAILED, "no_gpu")
    assert "device auto or cpu" in job.error_hint


def test_a_cancelled_run_stops_at_a_checkpoint_and_goes_on(launched, settings, monkeypatch):
    row = launched(options={**TINY, "iterations": 400, "checkpoint_every": 1000})
    folder = Path(settings.RUNS_ROOT) / str(row.id)

    def cancel_once_it_trains(seconds):
        if (folder / "metrics.jsonl").exists():
            Job.objects.filter(id=row.job_id).update(cancel_requested=True)
        real_sleep(seconds / 5)

    real_sleep = supervise.time.sleep
    with monkeypatch.context() as patch:
        patch.setattr(supervise.time, "sleep", cancel_once_it_trains)
        job = run(row.job.id, worker="test")
    assert job.state == Job.State.CANCELLED
    stopped_at = json.loads((folder / "state" / "state.json").read_text())["iteration"]
    assert 10 <= stopped_at < 400
    row.options["iterations"] = stopped_at + 1  # not to wait for the rest
    row.save()
    jobs.retry(job)
    job = run(row.job.id, worker="test")
    assert job.state == Job.State.SUCCEEDED, job.error_detail
    assert job.result["iteration"] == stopped_at + 1
    iterations = list(row.metrics.values_list("iteration", flat=True))
    assert sorted(set(iterations)) == iterations


def test_an_estimate_tells_the_cost(frozen):
    plan = {"method": "none", "size": "nano", "options": TINY, "dataset_version": frozen, "validation_split": ""}
    job = estimate_enqueue(workspace=frozen.dataset.workspace, created_by=None, **plan)
    done = run(job.id, worker="test")
    assert done.state == Job.State.SUCCEEDED, done.error_detail
    assert done.result["images"] == frozen.summary["splits"]["train"]["frames"]
    assert done.result["seconds_per_iteration"] > 0


def test_a_recipe_names_its_teacher_and_where_all_runs_keep_what_it_said(frozen, settings):
    MethodSpec.objects.filter(name="none").update(needs_teacher=True)  # as methods that distil are
    teacher = ModelVersionFactory(workspace=frozen.dataset.workspace, ref="bundled:gdino-mini", sha256="5" * 64)
    plan = {"method": "none", "size": "nano", "options": TINY, "teacher": teacher, "name": "taught"}
    row = run_launch(workspace=frozen.dataset.workspace, created_by=None, **plan)
    recipe = training_files.recipe_of(row, settings.RUNS_ROOT / str(row.id))
    assert recipe["teacher"] == "bundled:gdino-mini"
    assert recipe["teacher_cache"] == str(settings.RUNS_ROOT / "teacher-cache")
    assert training_files.provenance_of(row)["teacher"] == {"name": teacher.name, "sha256": "5" * 64}
    row.teacher_id = None
    alone = training_files.recipe_of(row, settings.RUNS_ROOT / str(row.id))
    assert (alone["teacher"], alone["teacher_cache"]) == ("", "")


def test_a_split_is_laid_out_once_with_its_pictures(frozen, tmp_path):
    path = training_files.lay_out(frozen, "train", tmp_path / "data")
    coco = json.loads(path.read_text())
    assert all((path.parent / image["file_name"]).is_file() for image in coco["images"])
    assert {"risk", "severity", "audited", "source"} <= coco["annotations"][0].keys()
    before = path.stat().st_mtime_ns
    assert training_files.lay_out(frozen, "train", tmp_path / "data").stat().st_mtime_ns == before


def test_a_packed_folder_is_its_content_alone(tmp_path):
    archives = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        for file in ("b.json", "a.bin") if name == "one" else ("a.bin", "b.json"):
            (folder / file).write_text(file)
        archives.append(training_files.pack(folder, tmp_path / f"{name}.zip", {"run": 1}).read_bytes())
    assert archives[0] == archives[1]
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        assert json.loads(file.read("run.json")) == {"run": 1}


def test_an_archive_that_leaves_its_folder_is_refused(tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("../../evil.txt", "x")
    key = storage.put_bytes(path.read_bytes(), ".zip")
    with pytest.raises(BadCheckpoint, match="outside its folder"):
        model_cache.loadable(ModelVersionFactory(ref=f"{STORED}{key}"))
    assert not list(tmp_path.rglob("evil.txt"))


def stub(folder, body):
    """A trainer of a few lines, run as the child."""
    script = folder / "trainer.py"
    script.write_text(textwrap.dedent(body))
    return [sys.executable, str(script)]


def test_a_worker_that_is_told_to_stop_gives_the_trainer_time_for_its_checkpoint(tmp_path, monkeypatch):
    body = """
        import pathlib, signal, sys, time
        here = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
        signal.signal(signal.SIGTERM, lambda *_: ((here / "saved").touch(), sys.exit(0)))
        (here / "metrics.jsonl").write_text('{"kind": "train", "iteration": 1}\\n{"half')
        time.sleep(60)
    """
    monkeypatch.setattr(supervise, "_launcher", lambda: stub(tmp_path, body))
    seen = []

    def stop_at_the_first_row(rows):
        seen.extend(rows)
        if seen:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        supervise.train(tmp_path / "run", {}, stop_at_the_first_row)
    assert seen == [{"kind": "train", "iteration": 1}]
    assert (tmp_path / "run" / "saved").exists()


def test_a_trainer_that_the_system_killed_is_called_by_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(supervise, "_launcher", lambda: stub(tmp_path, "import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(JobFailed) as failed:
        supervise.train(tmp_path / "run", {}, lambda rows: None)
    assert failed.value.code == "out_of_memory"


def test_what_an_earlier_attempt_said_is_not_the_reason_of_this_one(tmp_path, monkeypatch):
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "error.json").write_text('{"code": "no_gpu", "detail": "none", "hint": "an older one"}')
    monkeypatch.setattr(supervise, "_launcher", lambda: stub(tmp_path, "import os; os.kill(os.getpid(), 9)"))
    with pytest.raises(JobFailed) as failed:
        supervise.train(folder, {}, lambda rows: None)
    assert failed.value.code == "out_of_memory"


def test_a_worker_that_lost_the_job_kills_its_trainer_before_a_checkpoint(tmp_path, monkeypatch):
    body = """
        import pathlib, signal, sys, time
        here = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
        signal.signal(signal.SIGTERM, lambda *_: ((here / "saved").touch(), sys.exit(0)))
        (here / "metrics.jsonl").write_text('{"kind": "train", "iteration": 1}\\n')
        time.sleep(60)
    """
    monkeypatch.setattr(supervise, "_launcher", lambda: stub(tmp_path, body))

    def lost_at_the_first_row(rows):
        if rows:
            raise JobLost

    with pytest.raises(JobLost):
        supervise.train(tmp_path / "run", {}, lost_at_the_first_row)
    assert not (tmp_path / "run" / "saved").exists()


def test_an_attempt_waits_for_the_trainer_of_the_one_before(tmp_path, monkeypatch):
    body = """
        import json, pathlib, sys
        here = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
        (here / "summary.json").write_text(json.dumps({"free": True}))
    """
    monkeypatch.setattr(supervise, "_launcher", lambda: stub(tmp_path, body))
    monkeypatch.setattr(supervise, "POLL_S", 0.01)
    before = RunFolder(tmp_path / "run").locked()
    before.__enter__()
    polls = []

    def leave_at_the_third_poll(rows):
        polls.append(rows)
        if len(polls) == 3:
            assert not (tmp_path / "run" / "recipe.json").exists()
            before.__exit__(None, None, None)

    assert supervise.train(tmp_path / "run", {}, leave_at_the_third_poll) == {"free": True}
    assert len(polls) >= 3


def test_a_folder_that_is_never_left_is_said_to_be_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(supervise, "POLL_S", 0.01)
    monkeypatch.setattr(supervise, "GRACE_S", 0.05)
    with RunFolder(tmp_path / "run").locked(), pytest.raises(RunBusy):
        supervise.train(tmp_path / "run", {}, lambda rows: None)


def test_a_trainer_dies_with_its_worker(tmp_path):
    """The worker is killed with no chance to clean up; its trainer must not train on beside the next attempt's."""
    trainer = stub(
        tmp_path,
        f"import os, pathlib, time; pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid())); time.sleep(60)",
    )
    worker = f"""
        import functools, os, subprocess, time
        from workers.supervise import _die_with
        subprocess.Popen({trainer!r}, start_new_session=True, preexec_fn=functools.partial(_die_with, os.getpid()))
        time.sleep(60)
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.config.settings"}
    code = "import django; django.setup()\n" + textwrap.dedent(worker)
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)
    try:
        assert eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        process.send_signal(signal.SIGKILL)
        process.wait()
        pid = int((tmp_path / "pid").read_text())
        assert eventually(lambda: not alive(pid))
    finally:
        process.kill()
        process.wait()


def eventually(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def alive(pid):
    """Whether it runs: a zombie that nobody has waited for does not."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
