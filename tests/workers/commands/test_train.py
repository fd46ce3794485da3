"""`manage.py train`: refusals are sentences, and Ctrl-C ends the job as cancelled."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import TaxonomyFactory, WorkspaceFactory
from webapp.jobs.models import Job
from webapp.training.models import TrainingRun
from workers import supervise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def workspace(settings, tmp_path):
    settings.RUNS_ROOT = tmp_path / "runs"
    made = WorkspaceFactory()
    TaxonomyFactory(workspace=made)
    return made


def test_interrupted_it_leaves_a_cancelled_job_that_no_worker_takes_up(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(supervise, "train", interrupted)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("train", "--name", "first", stdout=out, stderr=StringIO())
    summary = json.loads(out.getvalue().splitlines()[-1])
    run = TrainingRun.objects.get(name="first")
    assert (ended.value.code, summary["state"], summary["run"]) == (1, "cancelled", run.id)
    assert run.job.state == Job.State.CANCELLED


def test_in_the_background_it_is_queued():
    out = StringIO()
    call_command("train", "--name", "first", "--background", stdout=out)
    summary = json.loads(out.getvalue().splitlines()[-1])
    assert (summary["state"], summary["error"]) == ("queued", None)
    assert Job.objects.get().state == Job.State.QUEUED


def test_a_method_with_a_teacher_is_named_with_it(workspace):
    arguments = ["--method", "cld", "--teacher", "bundled:gdino-mini", "--init", "bundled:gdino-nano"]
    call_command("train", *arguments, "--background", stdout=StringIO())
    run = TrainingRun.objects.get()
    assert (run.name, run.method, run.size) == ("cld 1", "cld", "")
    assert (run.teacher.ref, run.init.ref) == ("bundled:gdino-mini", "bundled:gdino-nano")
    assert run.options["correspondence"] == "labels"  # pinned, as a default may change


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--seed", "-1"], "bad_seed"),
        (["--name", "n" * 121], "bad_name"),
        (["--method", "magic"], "unknown_method"),
        (["--size", "giant"], "unknown_size"),
        (["--method", "cld"], "teacher_required"),
        (["--method", "cld", "--family", "yolox"], "wrong_family"),
        (["--config", "nowhere.json"], "nowhere.json is not JSON"),
    ],
)
def test_a_refusal_is_a_sentence_and_makes_nothing(arguments, why):
    with pytest.raises(CommandError, match=why):
        call_command("train", *arguments, stdout=StringIO())
    assert not TrainingRun.objects.exists()
    assert not Job.objects.exists()
