"""Footage that is taken away is gone everywhere that a server reaches, and what a version has stays unless it is meant."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    BoxFactory,
    ClipFactory,
    DriveFactory,
    EdgeExportFactory,
    FrameFactory,
    JobFactory,
    UserFactory,
    VersionFactory,
)
from webapp.accounts.models import WorkspaceLimits
from webapp.control.copies import TEACHERS_ANSWERS
from webapp.control.models import FootageRemoval
from webapp.control.removal import removal_request, removal_run, retention_tick
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.datasets.models import VersionDrive
from webapp.exchange.models import VersionExport
from webapp.explore.models import FeaturePart
from webapp.fleet.rollouts import release_create, rollout_start
from webapp.footage.models import Clip, Frame, Upload
from webapp.footage.uploads import part_path, upload_create
from webapp.jobs.models import Job
from webapp.labels.models import Box, BoxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _roots(settings, tmp_path):
    settings.RUNS_ROOT = tmp_path / "runs"
    settings.RUNS_ROOT.mkdir()


@pytest.fixture
def drive(workspace):
    """A drive with an original, a frame with its pictures, a box that was changed and changed back."""
    drive = DriveFactory(workspace=workspace)
    key = storage.put_bytes(b"the original", ".mp4")
    clip = ClipFactory(drive=drive, key=key)
    frame = FrameFactory(clip=clip, width=64, height=36, with_picture=True)
    box = BoxFactory(frame=frame, frame_width=64, frame_height=36, x=1, y=1, width=5, height=5)
    first = BoxEvent.objects.create(box=box, frame=frame, kind=BoxEvent.Kind.ACCEPTED)
    BoxEvent.objects.create(box=box, frame=frame, kind=BoxEvent.Kind.UNDONE, undo_of=first)
    return drive


def run(one, checkpoint=None):
    kept = []
    return removal_run(one, checkpoint or {}, kept.append, lambda done, total: None)


def request(drive, **values):
    return removal_request(workspace=drive.workspace, why="request", by=None, drive=drive, **values)


def test_a_dry_run_finds_and_leaves(drive):
    report = run(request(drive))
    assert report["rows"] == {"clips": 1, "frames": 1, "boxes": 1}
    assert report["copies"] == {"originals": 1, "frames": 1, "thumbnails": 1}
    assert report["bytes"] > 0
    assert "proof" not in report
    assert Frame.objects.count() == 1
    assert storage.exists(Clip.objects.get().key)


def test_every_copy_goes_links_of_a_training_run_too_and_it_is_looked_for_again(drive, settings, workspace):
    frame = Frame.objects.get()
    keys = [Clip.objects.get().key, frame.image_key]
    (settings.RUNS_ROOT / "7").mkdir()
    linked, copied = settings.RUNS_ROOT / "7" / "a.jpg", settings.RUNS_ROOT / "7" / "b.jpg"
    linked.hardlink_to(storage.local_path(frame.image_key))
    copied.write_bytes(linked.read_bytes())
    other = settings.RUNS_ROOT / "7" / "other.jpg"
    other.write_bytes(b"x" * linked.stat().st_size)
    pictures = storage.put_bytes(b'["' + keys[1].encode() + b'"]', ".json")
    simulated = {"params": {"drive": drive.id}, "result": {"pictures_key": pictures}}
    JobFactory(workspace=workspace, kind=Job.Kind.SIMULATE_DEVICE, **simulated)
    report = run(request(drive, dry_run=False))
    assert report["copies"]["training runs"] == 2
    assert report["copies"]["simulations"] == 2
    proof = report["proof"]
    assert (proof["gone"], proof["still_stored"], proof["still_elsewhere"], proof["rows_left"]) == (True, 0, 0, 0)
    assert proof["looked_for"] >= 3
    assert "browser_caches" in proof["beyond"]
    assert not any(storage.exists(key) for key in (*keys, pictures))
    assert not linked.exists()
    assert not copied.exists()
    assert other.exists()
    assert (Frame.objects.count(), Box.rows.count(), BoxEvent.rows.count()) == (0, 0, 0)


def test_a_simulation_says_that_its_pictures_were_taken_away(client, drive, workspace):
    pictures = storage.put_bytes(f'["{Frame.objects.get().image_key}"]'.encode(), ".json")
    simulated = {"params": {"drive": drive.id}, "result": {"pictures_key": pictures}}
    job = JobFactory(workspace=workspace, kind=Job.Kind.SIMULATE_DEVICE, **simulated)
    address = f"/api/v1/fleet-simulations/{job.id}/pictures/0"
    assert client.get(address).status_code == 200
    run(request(drive, dry_run=False))
    gone = client.get(address)
    assert (gone.status_code, gone.json()["code"]) == (404, "file_missing")


def test_what_was_made_to_find_alike_frames_goes_too(drive):
    place = {"drive": drive, "model": "m", "first_frame": 1, "last_frame": 2, "frames": 1, "labels": 1}
    part = FeaturePart.objects.create(key=storage.put_bytes(b"vectors", ".npz"), **place)
    report = run(request(drive, dry_run=False))
    assert report["copies"]["features"] == 1
    assert report["proof"]["gone"]
    assert not storage.exists(part.key)
    assert not FeaturePart.objects.exists()


def test_packages_for_devices_and_their_releases_lose_the_pictures_that_are_in_them(drive, workspace):
    version = VersionFactory(dataset__workspace=workspace)
    VersionDrive.objects.create(version=version, drive=drive, split="train")
    zips = {name: storage.put_bytes(name.encode(), ".zip") for name in ("of it", "of rendered scenes")}
    told = {"workspace": workspace, "size": 5, "report": {"ap": 0.5}}
    judged = EdgeExportFactory(**told, dataset_version=version, archive_key=zips["of it"])
    other = EdgeExportFactory(**told, dataset_version=None, archive_key=zips["of rendered scenes"])
    release = release_create(
        workspace=workspace, version="nano 1", filename="a.zip", data=b"of it", notes="", by=UserFactory()
    )
    found = run(request(drive))
    assert (found["copies"]["packages for devices"], found["releases"]) == (1, ["nano 1"])
    report = run(request(drive, dry_run=False, even_in_versions=True))
    assert report["proof"]["gone"]
    assert report["releases"] == ["nano 1"]
    judged.refresh_from_db()
    assert (judged.archive_key, judged.size, judged.report) == ("", None, {"ap": 0.5})
    assert not storage.exists(zips["of it"])
    assert storage.exists(other.archive_key)
    with pytest.raises(Conflict, match="taken away"):
        rollout_start(release, canary_share=0.1, soak_minutes=1, max_rise=1.0, by=release.created_by)


def test_a_copy_with_pictures_of_several_files_counts_once_in_a_dry_run_too(drive, workspace):
    ClipFactory(drive=drive, key=storage.put_bytes(b"another original", ".mp4"))
    version = VersionFactory(dataset__workspace=workspace)
    VersionDrive.objects.create(version=version, drive=drive, split="train")
    VersionExport.objects.create(
        version=version, format="yolo", with_pictures=True, key=storage.put_bytes(b"z", ".zip")
    )
    copies = run(request(drive))["copies"]
    assert (copies["originals"], copies["exports"]) == (2, 1)


def test_what_is_still_being_uploaded_into_the_drive_goes_too(drive):
    told = {"filename": "b.mp4", "size": 9, "sha256": "", "created_by": UserFactory()}
    ours, other = (upload_create(drive=each, **told) for each in (drive, DriveFactory()))
    assert run(request(drive))["copies"]["unfinished uploads"] == 1
    assert part_path(ours).exists()
    run(request(drive, dry_run=False))
    assert not part_path(ours).exists()
    assert part_path(other).exists()
    assert list(Upload.objects.filter(filename="b.mp4")) == [other]


def test_what_teachers_saw_of_a_drive_that_was_trained_on_goes_too(drive, workspace, settings):
    kept = settings.RUNS_ROOT / TEACHERS_ANSWERS / "ab" / "abcd.safetensors"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"maps")
    assert "teachers' answers" not in run(request(drive))["copies"]
    version = VersionFactory(dataset__workspace=workspace)
    VersionDrive.objects.create(version=version, drive=drive, split="train")
    report = run(request(drive, dry_run=False, even_in_versions=True))
    assert report["copies"]["teachers' answers"] == 1
    assert not kept.exists()


def test_the_proof_can_fail(drive, monkeypatch):
    monkeypatch.setattr(storage, "remove", lambda key: None)
    proof = run(request(drive, dry_run=False))["proof"]
    assert not proof["gone"]
    assert proof["still_stored"] > 0


def test_bytes_that_another_drive_has_too_stay_and_the_proof_says_so(drive):
    ClipFactory(key=Clip.objects.get().key)
    proof = run(request(drive, dry_run=False))["proof"]
    assert (proof["still_stored"], proof["gone"]) == (1, False)
    assert storage.exists(Clip.objects.get().key)


def test_a_second_run_drops_what_the_first_one_was_at(drive):
    orphan = storage.put_bytes(b"rows gone, file left", ".jpg")
    state = {"copies": {}, "rows": {}, "bytes": 0, "digests": {}, "at_hand": {"keys": [orphan], "files": []}}
    report = run(request(drive, dry_run=False), state)
    assert not storage.exists(orphan)
    assert report["proof"]["gone"]


class TestVersions:
    @pytest.fixture
    def version(self, drive):
        version = VersionFactory(dataset__workspace=drive.workspace, dataset__taxonomy=drive.taxonomy)
        VersionDrive.objects.create(version=version, drive=drive, split="train")
        return version

    def test_hold_a_request_until_it_is_said_that_they_may_go_too(self, drive, version):
        assert run(request(drive))["versions"] == [str(version)]
        with pytest.raises(Conflict, match=str(version)):
            request(drive, dry_run=False)
        zipped = storage.put_bytes(b"zip with pictures", ".zip")
        VersionExport.objects.create(version=version, format="voc", with_pictures=True, key=zipped)
        report = run(request(drive, dry_run=False, even_in_versions=True))
        assert report["proof"]["gone"]
        assert not storage.exists(zipped)

    def test_are_spared_by_retention(self, drive, version):
        free = ClipFactory(drive__workspace=drive.workspace, key=storage.put_bytes(b"old", ".mp4"))
        young = ClipFactory(drive__workspace=drive.workspace, key=storage.put_bytes(b"young", ".mp4"))
        Clip.objects.exclude(id=young.id).update(created_at=timezone.now() - timedelta(days=31))
        one = removal_request(workspace=drive.workspace, why="retention", by=None, days=30, dry_run=False)
        assert run(one)["rows"]["clips"] == 1
        assert not Clip.objects.filter(id=free.id).exists()
        assert Clip.objects.filter(id__in=[young.id, drive.clips.get().id]).count() == 2


def test_retention_asks_once_a_day_and_only_where_it_is_set(workspace):
    assert retention_tick() == {"removals": 0}
    WorkspaceLimits.objects.create(workspace=workspace, retention_days=30)
    assert [retention_tick(), retention_tick()] == [{"removals": 1}, {"removals": 0}]
    assert FootageRemoval.objects.get().days == 30


def test_by_rest_a_request_names_its_drive_and_nobody_elses(client, drive):
    stranger = DriveFactory()
    assert client.post("/api/v1/footage-removals/", {"why": "request"}).json()["fields"] == {"drive": "Needed here."}
    answer = client.post("/api/v1/footage-removals/", {"why": "request", "drive": stranger.id})
    assert answer.json()["code"] == "unknown_drive"
    made = client.post("/api/v1/footage-removals/", {"why": "request", "drive": drive.id, "note": "Letter 17"}).json()
    assert (made["dry_run"], made["job"]["kind"]) == (True, "remove_footage")
    run(FootageRemoval.objects.get())
    shown = client.get(f"/api/v1/footage-removals/{made['id']}/").json()
    assert shown["report"]["rows"]["frames"] == 1
