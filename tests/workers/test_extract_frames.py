"""Ingest, from file to frames, by the real readers."""

import errno
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone
from PIL import Image

from tests.factories import DriveFactory, ModelVersionFactory
from tests.media import passing_car, write_video
from tests.ml.data.test_hostile import REFUSED, VIDEOS, ZIPS
from tests.workers.conftest import Killed
from webapp.core import storage
from webapp.footage.models import Clip, Frame
from webapp.footage.services import clip_ingest, clip_retry
from webapp.jobs import services
from webapp.jobs.models import Job
from workers.lifecycle import run
from workers.tasks import extract_frames

pytestmark = pytest.mark.django_db


def stored(settings) -> list[str]:
    """The files of the store."""
    return [path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def rows(clip: Clip) -> list[tuple]:
    return list(
        Frame.objects.filter(clip=clip)
        .order_by("index")
        .values_list("index", "time_ms", "name", "sha256", "phash", "width", "height", "image_key")
    )


def lease_ends(job: Job) -> None:
    Job.objects.filter(id=job.id).update(lease_expires_at=timezone.now())
    services.reap()


def test_a_video_becomes_frames_with_exact_times(drive, ingest, video):
    clip = ingest(video)
    assert (clip.state, clip.kind, clip.width, clip.height, clip.fps) == ("ready", "video", 128, 96, 25.0)
    frames = list(clip.frames.order_by("index"))
    assert [(frame.index, round(frame.time_ms)) for frame in frames] == [(n, 40 * n) for n in range(20)]
    assert frames[3].name == "passing_000003.jpg"
    assert (frames[3].workspace, frames[3].state) == (drive.workspace, "new")
    with storage.open_key(frames[3].image_key) as still, Image.open(still) as picture:
        assert (picture.format, picture.size) == ("JPEG", (128, 96))
    assert Path(frames[3].image_key).stem == frames[3].sha256
    drive.refresh_from_db()
    assert drive.state == "ready"


@pytest.mark.parametrize(
    ("sampling", "indexes"),
    [
        ({"sample_fps": 5.0, "sample_every": None}, [0, 5, 10, 15]),
        ({"sample_fps": None, "sample_every": 8}, [0, 8, 16]),
    ],
)
def test_frames_are_sampled_by_time_or_by_number(drive, ingest, video, sampling, indexes):
    for field, value in sampling.items():
        setattr(drive, field, value)
    drive.save()
    assert [row[0] for row in rows(ingest(video))] == indexes


def test_a_still_becomes_one_frame_with_a_thumbnail(ingest, tmp_path):
    path = tmp_path / "wide picture.png"
    Image.fromarray(np.full((300, 800, 3), 90, dtype=np.uint8)).save(path)
    clip = ingest(path)
    frame = clip.frames.get()
    assert (clip.kind, frame.name, frame.width, frame.height) == ("image", "wide_picture.jpg", 800, 300)
    with storage.open_key(frame.thumbnail_key) as file, Image.open(file) as thumbnail:
        assert thumbnail.size == (320, 120)


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_bad_files_are_refused_by_name_and_leave_nothing(
    shared_data, settings, drive, ingest, name, code, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        clip = ingest(shared_data / "hostile" / name)
    assert (clip.state, clip.error_code) == ("failed", code)
    assert clip.error_detail
    assert not clip.frames.exists()
    assert stored(settings) == []
    job = Job.objects.get()
    assert (job.state, job.error_code) == ("failed", code)
    drive.refresh_from_db()
    assert drive.state == "failed"


@pytest.mark.parametrize(("name", "outcomes"), ZIPS.items())
def test_the_good_members_of_a_bad_zip_come_in(shared_data, ingest, name, outcomes):
    clip = ingest(shared_data / "hostile" / name)
    good = [outcome for outcome in outcomes if not isinstance(outcome, str)]
    assert [problem["code"] for problem in clip.problems] == [o for o in outcomes if isinstance(o, str)]
    assert [(row[5], row[6]) for row in rows(clip)] == good
    assert (clip.state, clip.error_code) == (("ready", "") if good else ("failed", "no_usable_image"))


def test_good_files_of_every_kind_come_in_under_names_that_are_safe(shared_data, drive, ingest):
    for path in sorted((shared_data / "hostile").glob("ok*")):
        # A drive of its own: two of the files are one picture under two awkward names.
        own = DriveFactory(workspace=drive.workspace, taxonomy=drive.taxonomy, sample_fps=None, sample_every=1)
        clip = ingest(path, into=own)
        assert clip.state == "ready", (path.name, clip.error_detail)
        assert clip.frames.count() == (VIDEOS[path.name][0] if path.name in VIDEOS else 1)
    for name in Frame.objects.values_list("name", flat=True):
        assert not set(name) & set("<>:'\"\\|?*;/ "), name


def test_the_batch_goes_on_behind_a_bad_file(tmp_path, drive, ingest, video):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(video.read_bytes()[:2000])
    assert [ingest(bad).state, ingest(video).state] == ["failed", "ready"]
    drive.refresh_from_db()
    assert drive.state == "ready"


def test_a_clip_taken_in_twice_is_recognised(tmp_path, ingest, video):
    first = ingest(video)
    again = ingest(shutil.copy(video, tmp_path / "renamed.mp4") and tmp_path / "renamed.mp4")
    assert (again.state, again.duplicate_of, again.frames.count()) == ("duplicate", first, 0)


def test_a_killed_ingest_goes_on_and_equals_an_undisturbed_one(monkeypatch, ingest, video, drive):
    monkeypatch.setattr(extract_frames, "BATCH", 4)
    clip = clip_ingest(drive=drive, path=video, filename=video.name)
    job = Job.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(extract_frames, "_frame", _killed_at(10))
        with pytest.raises(Killed):
            run(job.id, worker="first")
    assert clip.frames.count() == 8, "whole batches only"
    lease_ends(job)
    run(job.id, worker="second")
    clip.refresh_from_db()
    assert clip.state == "ready"
    again = type(drive).objects.create(
        workspace=drive.workspace, taxonomy=drive.taxonomy, name="undisturbed", sample_fps=None, sample_every=1
    )
    assert rows(clip) == rows(ingest(video, into=again))


def _killed_at(number: int):
    original, made = extract_frames._frame, []

    def frame(clip, still):
        made.append(still)
        if len(made) == number:
            raise Killed
        return original(clip, still)

    return frame


def test_a_second_run_adds_nothing(ingest, video):
    clip = ingest(video)
    before = rows(clip)
    Job.objects.filter(kind="extract_frames").update(state=Job.State.QUEUED)
    run(Job.objects.get(kind="extract_frames").id, worker="again")
    assert rows(clip) == before


def test_a_cancelled_ingest_leaves_no_frames_and_can_be_tried_again(monkeypatch, drive, video):
    monkeypatch.setattr(extract_frames, "BATCH", 4)
    clip = clip_ingest(drive=drive, path=video, filename=video.name)
    job = Job.objects.get()
    record = extract_frames.services.frames_record

    def record_then_cancel(batch):
        record(batch)
        Job.objects.filter(id=job.id).update(cancel_requested=True)

    with monkeypatch.context() as patch:
        patch.setattr(extract_frames.services, "frames_record", record_then_cancel)
        run(job.id, worker="test")
    clip.refresh_from_db()
    job.refresh_from_db()
    assert (job.state, clip.state, clip.error_code, clip.frames.count()) == ("cancelled", "failed", "cancelled", 0)
    run(clip_retry(clip, created_by=None).id, worker="test")
    clip.refresh_from_db()
    assert (clip.state, clip.error_code, clip.frames.count()) == ("ready", "", 20)


def test_a_full_disk_is_named_and_the_clip_can_be_tried_again(monkeypatch, drive, video):
    clip = clip_ingest(drive=drive, path=video, filename=video.name)
    with monkeypatch.context() as patch:
        patch.setattr(storage, "put_bytes", _full)
        run(Job.objects.get().id, worker="test")
    clip.refresh_from_db()
    assert (clip.state, clip.error_code, clip.frames.count()) == ("failed", "storage_error", 0)
    run(clip_retry(clip, created_by=None).id, worker="test")
    clip.refresh_from_db()
    assert clip.state == "ready"


def _full(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_refused_file_cannot_be_tried_again_through_its_job(tmp_path, ingest, django_capture_on_commit_callbacks):
    path = tmp_path / "note.mp4"
    path.write_text("this is not a video")
    with django_capture_on_commit_callbacks(execute=True):
        ingest(path)
    job = services.retry(Job.objects.get())
    run(job.id, worker="test")
    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "original_gone")


def test_members_of_one_name_in_a_zip_stay_apart(tmp_path, ingest):
    picture = tmp_path / "p.png"
    Image.fromarray(passing_car(1)[0]).save(picture)
    path = tmp_path / "stills.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for folder in ("left", "right"):
            archive.write(picture, f"{folder}/0001.png")
    assert [row[2] for row in rows(ingest(path))] == ["stills/0001_000000.jpg", "stills/0001_000001.jpg"]


def test_new_frames_are_prelabelled_by_the_workspaces_model(drive, tmp_path, ingest, video):
    model = ModelVersionFactory(workspace=drive.workspace)
    ingest(video)
    ingest(write_video(tmp_path / "second.mp4", passing_car(5)))
    waiting = Job.objects.get(kind="prelabel_frames")  # one for both clips
    assert waiting.params == {"drive": drive.id, "model": model.id, "only_new": True}


def test_a_workspace_without_a_model_only_ingests(ingest, video):
    ingest(video)
    assert not Job.objects.filter(kind="prelabel_frames").exists()
