"""The command line: a job seen through, one JSON line last, a plain sentence and a non-zero exit on failure."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import TaxonomyFactory, WorkspaceFactory
from webapp.footage.models import Drive, Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace(db):
    made = WorkspaceFactory()
    TaxonomyFactory(workspace=made)
    return made


def command(name: str, *arguments: object) -> tuple[dict, int]:
    """The last line, parsed, and the exit status."""
    out, code = StringIO(), 0
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=StringIO())
    except SystemExit as ended:
        code = int(ended.code or 0)
    return json.loads(out.getvalue().splitlines()[-1]), code


def test_ingest_makes_the_drive_and_its_frames(workspace, video):
    summary, code = command("ingest", video, "--drive", "Monday", "--every", 4)
    drive = Drive.objects.get(id=summary["drive"])
    assert (code, drive.name, drive.workspace, drive.sample_every) == (0, "Monday", workspace, 4)
    assert (summary["frames"], summary["clips"][0]["state"]) == (5, "ready")
    assert drive.frames.count() == 5


def test_a_folder_is_taken_in_whole_and_the_bad_file_named(workspace, tmp_path, video):
    (tmp_path / "note.jpg").write_text("not a picture")
    (tmp_path / ".hidden").write_text("stays out")
    summary, code = command("ingest", tmp_path, "--drive", "Monday", "--fps", 5)
    assert code == 1
    assert [(clip["file"], clip["state"]) for clip in summary["clips"]] == [
        ("note.jpg", "failed"),
        (video.name, "ready"),
    ]
    assert summary["clips"][0]["error"]["code"] == "not_media"
    assert summary["frames"] == 4


def test_the_same_file_again_is_said_to_be_there(workspace, video):
    first, _ = command("ingest", video, "--drive", "Monday")
    again, code = command("ingest", video, "--drive", "Monday")
    assert (code, again["clips"][0]["state"]) == (0, "duplicate")
    assert again["clips"][0]["duplicate_of"] == first["clips"][0]["id"]


def test_background_only_queues(workspace, video):
    summary, code = command("ingest", video, "--drive", "Monday", "--background")
    assert (code, summary["clips"][0]["state"]) == (0, "uploaded")
    assert Job.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["/no/such/file.mp4", "--drive", "x"], "/no/such/file.mp4"),
        ([__file__, "--drive", "x", "--workspace", "nowhere"], "nowhere"),
        ([__file__, "--drive", "x", "--fps", "0"], "above 0"),
        ([__file__, "--drive", "x", "--fps", "1", "--every", "2"], "not allowed with"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(workspace, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        command("ingest", *arguments)
    assert not Drive.objects.exists()


def test_prelabel_labels_the_drive(workspace, video, detector):
    command("ingest", video, "--drive", "Monday", "--every", 2)
    Job.objects.filter(kind="prelabel_frames").delete()
    summary, code = command("prelabel", "--drive", "Monday", "--model", "/models/block", "--score", 0.55, "--nms", 0.5)
    assert (code, summary["state"], summary["frames"], summary["boxes"]) == (0, "succeeded", 10, 20)
    assert (summary["score_threshold"], summary["nms_iou"], summary["error"]) == (0.55, 0.5, None)
    assert set(Frame.objects.values_list("state", flat=True)) == {"prelabelled"}
    assert Box.objects.count() == 20


def test_prelabel_of_a_model_that_is_not_there_fails_in_words(workspace, video):
    command("ingest", video, "--drive", "Monday", "--every", 10)
    summary, code = command("prelabel", "--drive", "Monday", "--model", "yolox-onnx:missing.onnx")
    assert (code, summary["state"], summary["error"]["code"]) == (1, "failed", "bad_checkpoint")


def test_prelabel_of_an_unknown_drive_lists_the_known(workspace):
    with pytest.raises(CommandError, match="no drive 'Tuesday'"):
        command("prelabel", "--drive", "Tuesday")


def test_the_reaper_runs_once_without_loop(workspace):
    job = Job.objects.create(
        workspace=workspace, kind="prelabel_frames", title="x", state="running", lease_expires_at=timezone.now()
    )
    Job.objects.filter(id=job.id).update(lease_expires_at=timezone.now() - timedelta(seconds=5))
    call_command("reap_jobs")
    job.refresh_from_db()
    assert job.state == "queued"


def test_the_light_of_frames_that_came_before_is_measured_and_once(workspace, video):
    command("ingest", video, "--drive", "Monday", "--every", 4)
    known = list(Frame.objects.values_list("scene", flat=True))
    assert known == [{"time_of_day": "night"}] * 5  # a car before a dark ground
    Frame.objects.update(scene={"lanes": []})
    counts, _ = command("measure_light", "--drive", "Monday")
    assert counts == {"day": 0, "night": 5, "lost": 0}
    assert list(Frame.objects.values_list("scene", flat=True)) == [{"lanes": [], "time_of_day": "night"}] * 5
    assert command("measure_light")[0] == {"day": 0, "night": 0, "lost": 0}
