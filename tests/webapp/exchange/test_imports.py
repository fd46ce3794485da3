"""An import as a person does it: upload, look, map, try, import, read the report."""

import pytest

from tests.factories import ClipFactory, FrameFactory
from tests.webapp.exchange.conftest import look, zipped
from webapp.exchange.models import LabelImport
from webapp.footage.models import Clip, Frame
from webapp.jobs.models import Job
from webapp.jobs.services import cancel
from webapp.labels.models import Box, BoxEvent, Track
from workers.lifecycle import JobCancelled, run

pytestmark = pytest.mark.django_db
MAPPING = {"CAR": "car", "zeppelin": None}


def ask(client, one, **values):
    body = {"mapping": MAPPING, **values}
    return client.post(f"/api/v1/label-imports/{one['id']}/run/", body, format="json")


def files(settings):
    return {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}


def test_an_upload_is_looked_into_and_nothing_is_written(client, upload, coco, drive):
    one = upload(zipped(coco))
    assert (one["state"], one["format"], one["formats"]) == ("ready", "coco", ["coco"])
    survey = one["survey"]
    assert (survey["frames"], survey["boxes"], survey["scored"], survey["pictures"]) == (2, 3, 1, 2)
    assert {row["name"]: row["ours"] for row in survey["categories"]} == {
        "CAR": "car",
        "Pedestrian": "person",
        "zeppelin": None,
    }
    assert [len(frame["boxes"]) for frame in survey["preview"]] == [2, 1]
    shown = client.get(f"/api/v1/label-imports/{one['id']}/preview/0/")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert client.get(f"/api/v1/label-imports/{one['id']}/preview/9/").status_code == 404
    assert not drive.frames.exists()
    assert not drive.clips.exists()


def test_what_is_mapped_comes_in_as_audited_truth(client, upload, coco, drive):
    one = upload(zipped(coco))
    assert ask(client, one).status_code == 202
    one = look(client, one["id"])
    assert one["state"] == "imported"
    report = one["report"]
    assert (report["frames"], report["boxes"], report["ignore_regions"], report["problem_count"]) == (2, 2, 1, 0)
    car = Box.objects.get(category__name="car")
    assert (car.x, car.y, car.width, car.height, car.score) == (1.25, 2.5, 20.1, 30.3, 0.5)
    assert (car.source, car.state) == ("imported", "accepted")
    assert set(drive.frames.values_list("state", flat=True)) == {Frame.State.AUDITED}
    assert Track.objects.get(drive=drive).boxes.count() == 2
    assert BoxEvent.objects.filter(kind="imported").count() == 3
    assert not LabelImport.objects.get().key


def test_a_dry_run_tells_the_same_and_writes_nothing(client, upload, coco, drive, settings):
    one = upload(zipped(coco))
    before = files(settings)
    ask(client, one, dry_run=True)
    tried = look(client, one["id"])
    assert (tried["state"], tried["report"]["dry_run"]) == ("ready", True)
    assert not Frame.objects.exists()
    assert not Clip.objects.exists()
    assert {path.suffix for path in files(settings) - before} <= {".csv"}
    ask(client, one)
    done = look(client, one["id"])["report"]
    assert {**done, "dry_run": True} == tried["report"]


def test_categories_that_nobody_mapped_are_named(client, upload, coco):
    response = ask(client, upload(zipped(coco)), mapping={"CAR": "car"})
    assert (response.status_code, response.json()["code"]) == (400, "unknown_categories")
    assert "zeppelin (1 boxes)" in response.json()["detail"]


def test_labels_alone_find_the_frames_that_the_drive_has(client, upload, coco, drive):
    clip = ClipFactory(drive=drive)
    frame = FrameFactory(clip=clip, index=0, name="monday/1.jpg", width=64, height=48)
    other = FrameFactory(clip=clip, index=1, name="monday/9.jpg", width=64, height=48)
    one = upload(zipped(coco, pictures=False))
    ask(client, one)
    report = look(client, one["id"])["report"]
    assert (report["frames"], report["boxes"]) == (1, 2)
    assert report["problems"] == ["2.png: no such picture, neither here nor in the drive"]
    frame.refresh_from_db()
    other.refresh_from_db()
    assert (frame.state, frame.version, frame.boxes.count()) == (Frame.State.AUDITED, 2, 2)
    assert (other.state, other.version) == (Frame.State.NEW, 1)


def test_pre_labels_wait_for_an_audit_under_their_models_name(client, upload, coco, drive):
    one = upload(zipped(coco))
    missing = ask(client, one, labels_are="prelabels")
    assert missing.json()["code"] == "model_name_required"
    ask(client, one, labels_are="prelabels", model_name="their detector")
    assert look(client, one["id"])["state"] == "imported"
    assert set(Box.objects.values_list("state", "source", "model_version__name")) == {
        ("pending", "pseudo", "their detector")
    }
    assert set(drive.frames.values_list("state", flat=True)) == {Frame.State.PRELABELLED}
    drive.refresh_from_db()
    assert drive.label_model.name == "their detector"


def test_every_problem_is_in_the_report_and_can_be_downloaded(client, upload, coco):
    coco["annotations"][0]["bbox"] = [60, 2, 20, 30]
    coco["annotations"][1]["bbox"] = [1, 2, -3, 4]
    coco["images"][1]["width"] = 65
    one = upload(zipped(coco))
    ask(client, one)
    report = look(client, one["id"])["report"]
    text = b"".join(client.get(f"/api/v1/label-imports/{one['id']}/problems/").streaming_content).decode("utf-8-sig")
    assert report["clipped"] == 1
    for problem in report["problems"]:
        assert problem in text
    assert "annotation 2 has a bbox without area" in text
    assert "annotation 1: the box [60.0, 2.0, 20.0, 30.0] reached outside" in text


@pytest.mark.parametrize(
    ("content", "filename", "message"),
    [
        (b"PK\x03\x04 not really", "a.zip", "no readable table of contents"),
        (b"nothing of the kind", "a.txt", "looks like no format"),
        (b'{"images": [], "annotations": [{"id"', "a.json", "annotations"),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><annotations><image id="1"/></annotations>',
            "a.xml",
            "format",
        ),
    ],
)
def test_a_file_that_is_none_fails_by_name_and_leaves_nothing(client, upload, drive, content, filename, message):
    one = upload(content, filename)
    assert one["state"] == "failed"
    assert message in one["job"]["error"]["detail"]
    assert not drive.clips.exists()
    assert client.delete(f"/api/v1/label-imports/{one['id']}/").status_code == 204
    assert not LabelImport.objects.exists()


@pytest.mark.parametrize("name", ["bad_zip_slip.zip", "bad_zip_bomb.zip"])
def test_hostile_zips_are_refused_by_their_member(shared_data, upload, name, settings):
    one = upload((shared_data / "hostile" / name).read_bytes(), name)
    assert one["state"] == "failed"
    assert one["job"]["error"]["code"] in ("unsafe_name", "expansion_bomb", "too_large")
    assert not list((settings.UPLOADS_ROOT / "imports").iterdir())


def test_a_cancelled_import_leaves_no_row_and_can_be_tried_again(client, upload, coco, drive):
    one = upload(zipped(coco))
    ask(client, one)
    job = LabelImport.objects.get().job
    cancel(job)
    assert look(client, one["id"])["state"] == "failed"
    assert not drive.frames.exists()
    ask(client, one)
    assert look(client, one["id"])["state"] == "imported"
    assert drive.frames.count() == 2


def test_an_import_that_is_cancelled_at_its_end_leaves_no_picture_behind(client, upload, coco, settings, monkeypatch):
    def cancelled(*_):
        raise JobCancelled

    def stored():
        return {path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}

    one = upload(zipped(coco))
    before = stored()
    ask(client, one)
    with monkeypatch.context() as patch:
        patch.setattr("workers.lifecycle.JobContext.save_checkpoint", cancelled)
        assert run(LabelImport.objects.get().job_id, worker="first").state == "cancelled"
    assert stored() == before
    ask(client, one)
    assert look(client, one["id"])["state"] == "imported"
    assert len(stored() - before) == 3  # both pictures are the same grey: one still, its thumbnail, and the report


def test_an_attempt_that_dies_at_the_end_writes_nothing_and_the_next_one_all(client, upload, coco, drive, monkeypatch):
    one = upload(zipped(coco))
    ask(client, one)
    job = LabelImport.objects.get().job
    with monkeypatch.context() as patch:
        patch.setattr("workers.lifecycle.JobContext.save_checkpoint", dies)
        run(job.id, worker="first")
    assert not drive.frames.exists()
    assert not Box.objects.exists()
    assert client.post(f"/api/v1/jobs/{job.id}/retry/").status_code == 200
    assert look(client, one["id"])["state"] == "imported"
    assert Box.objects.count() == 3


def test_a_second_run_of_what_came_in_changes_nothing(client, upload, coco, drive):
    one = upload(zipped(coco))
    ask(client, one)
    look(client, one["id"])
    assert ask(client, one).json()["code"] == "imported_already"
    Job.objects.filter(id=LabelImport.objects.get().job_id).update(state=Job.State.QUEUED)
    assert look(client, one["id"])["state"] == "imported"
    assert Box.objects.count() == 3


def test_another_format_can_be_chosen(client, upload, coco):
    one = upload(zipped(coco))
    path = f"/api/v1/label-imports/{one['id']}/survey/"
    assert client.post(path, {"format": "coco_traffic"}, format="json").status_code == 202
    one = look(client, one["id"])
    assert (one["format"], one["survey"]["boxes"]) == ("coco_traffic", 0)
    assert client.post(path, {"format": "nothing"}, format="json").json()["code"] == "unknown_format"


def test_the_file_goes_with_its_pictures_when_it_is_discarded(client, upload, coco, settings):
    one = upload(zipped(coco))
    assert files(settings)
    client.delete(f"/api/v1/label-imports/{one['id']}/")
    assert not files(settings)


def dies(*_):
    raise OSError("the disk went away")
