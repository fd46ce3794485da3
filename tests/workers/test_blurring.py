"""Where a workspace blurs at ingest, no picture comes into the store, nor stays there, that shows what was to be hidden."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.factories import DriveFactory
from tests.media import passing_car, write_video
from tests.workers.conftest import Killed
from tests.workers.test_extract_frames import lease_ends
from webapp.accounts.models import WorkspaceLimits
from webapp.core import storage
from webapp.footage import services
from webapp.footage.models import Frame
from webapp.footage.services import clip_ingest, clip_retry
from webapp.jobs.models import Job
from workers.lifecycle import run
from workers.tasks import extract_frames

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bands(drive, model) -> WorkspaceLimits:
    """Finds the bright block, which is a car; its lower part is to be hidden."""
    return WorkspaceLimits.objects.create(workspace=drive.workspace, blur_at_ingest=WorkspaceLimits.Blur.BANDS)


@pytest.fixture(autouse=True)
def big_enough(monkeypatch):
    monkeypatch.setattr("ml.data.blurring.LEAST_VEHICLE", 8)


def fine_stripes(car: np.ndarray) -> np.ndarray:
    """The car's pixels with letters on them, as it were."""
    striped = car.copy()
    bright = striped.mean(axis=2) > 128
    columns = np.zeros_like(bright)
    columns[:, ::4] = True
    striped[bright & columns] = 0
    return striped


def sharpness(pixels: np.ndarray) -> float:
    return float(np.abs(np.diff(pixels.astype(float).mean(axis=2), axis=1)).mean())


@pytest.fixture
def striped(tmp_path) -> Path:
    return write_video(tmp_path / "striped.mp4", [fine_stripes(frame) for frame in passing_car(20)])


def kept(settings) -> dict[str, bytes]:
    """Every file that the product holds, wherever: the store and uploads."""
    roots = [Path(settings.MEDIA_ROOT), Path(settings.UPLOADS_ROOT)]
    return {path.name: path.read_bytes() for root in roots for path in root.rglob("*") if path.is_file()}


def band_of(frame: Frame) -> np.ndarray:
    """The lower part of the car in the stored still."""
    with storage.open_key(frame.image_key) as file:
        pixels = np.asarray(Image.open(file).convert("RGB"))
    ys, xs = np.nonzero(pixels.mean(axis=2) > 90)
    top, bottom = ys.min(), ys.max()
    inside = slice(int(top + 0.5 * (bottom - top)), int(top + 0.85 * (bottom - top)))
    return pixels[inside, xs.min() + 3 : xs.max() - 3]


def test_frames_are_blurred_and_no_original_is_left(drive, ingest, striped, settings):
    original = striped.read_bytes()
    clip = ingest(striped)
    assert (clip.state, clip.key, clip.frames.count()) == ("ready", "", 20)
    assert clip.blurred_places > 20
    files = kept(settings)
    assert original not in files.values()
    assert set(files) == {
        Path(key).name for pair in clip.frames.values_list("image_key", "thumbnail_key") for key in pair
    }


def test_the_same_file_without_blurring_would_show_it(drive, ingest, striped, bands):
    """So that the measure above can fail."""
    hidden = max(sharpness(band_of(frame)) for frame in ingest(striped).frames.all())
    bands.blur_at_ingest = "off"
    bands.save()
    other = type(drive).objects.create(
        workspace=drive.workspace, taxonomy=drive.taxonomy, name="open", sample_fps=None, sample_every=1
    )
    clip = ingest(striped, into=other)
    shown = min(sharpness(band_of(frame)) for frame in clip.frames.all())
    assert (clip.blurred_places, storage.exists(clip.key)) == (None, True)
    assert hidden < 25 < shown


def test_stills_and_zips_of_stills_too(tmp_path, ingest, settings):
    picture = tmp_path / "a.jpg"
    Image.fromarray(fine_stripes(passing_car(1)[0])).save(picture, quality=95)
    original = picture.read_bytes()
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(picture, "in/a.jpg")
    zipped = archive.read_bytes()
    for path in (picture, archive):
        assert ingest(path).blurred_places
    assert not {original, zipped} & set(kept(settings).values())


def killed_then_again(job, monkeypatch, module, name, until):
    """The first worker dies in `until`, which stands in for the module's own; the second ends the job."""
    with monkeypatch.context() as patch:
        patch.setattr(module, name, until)
        with pytest.raises(Killed):
            run(job.id, worker="first")
    lease_ends(job)
    run(job.id, worker="second")


@pytest.mark.parametrize("moment", ["before the file goes", "after the file went"])
def test_killed_while_the_original_goes_another_attempt_ends_it(monkeypatch, drive, striped, settings, moment):
    clip = clip_ingest(drive=drive, path=striped, filename=striped.name)
    job = Job.objects.get(kind="extract_frames")
    discard = services.original_discard

    def killed(of):
        if moment == "after the file went":
            discard(of)
        raise Killed

    killed_then_again(job, monkeypatch, services, "original_discard", killed)
    clip.refresh_from_db()
    assert (clip.state, clip.key, clip.frames.count()) == ("ready", "", 20)
    assert striped.read_bytes() not in kept(settings).values()


def test_a_killed_ingest_counts_no_place_twice(monkeypatch, drive, ingest, striped):
    monkeypatch.setattr(extract_frames, "BATCH", 4)
    clip = clip_ingest(drive=drive, path=striped, filename=striped.name)
    job = Job.objects.get(kind="extract_frames")
    made, original = [], extract_frames._frame

    def frame(of, still):
        made.append(still)
        if len(made) == 10:
            raise Killed
        return original(of, still)

    killed_then_again(job, monkeypatch, extract_frames, "_frame", frame)
    clip.refresh_from_db()
    whole = type(drive).objects.create(
        workspace=drive.workspace, taxonomy=drive.taxonomy, name="undisturbed", sample_fps=None, sample_every=1
    )
    assert clip.blurred_places == ingest(striped, into=whole).blurred_places


def test_the_same_bytes_again_leave_no_file_either(
    tmp_path, ingest, striped, settings, django_capture_on_commit_callbacks
):
    first = ingest(striped)
    with django_capture_on_commit_callbacks(execute=True):
        again = ingest(striped)
    assert (again.state, again.duplicate_of, again.key) == ("duplicate", first, "")
    assert striped.read_bytes() not in kept(settings).values()


def test_what_another_workspace_came_with_stays_theirs(ingest, striped, bands):
    theirs = clip_ingest(drive=DriveFactory(), path=striped, filename="theirs.mp4")
    ingest(striped)
    assert storage.exists(theirs.key)


def test_without_a_model_nothing_comes_in_and_the_file_waits(drive, ingest, striped, model):
    model.delete()
    clip = ingest(striped)
    assert (clip.state, clip.error_code, clip.frames.count()) == ("failed", "no_model_to_blur", 0)
    assert storage.exists(clip.key)


def test_a_change_of_mind_counts_for_files_from_then_on(drive, striped, bands, settings):
    clip = clip_ingest(drive=drive, path=striped, filename=striped.name)
    bands.blur_at_ingest = "off"
    bands.save()
    run(Job.objects.get(kind="extract_frames").id, worker="test")
    clip.refresh_from_db()
    assert clip.blurred_places
    assert clip.key == ""


def test_a_failed_clip_is_tried_again_from_its_file(monkeypatch, drive, striped, detector):
    def broken(call):
        raise MemoryError

    detector.before = broken
    clip = clip_ingest(drive=drive, path=striped, filename=striped.name)
    run(Job.objects.get(kind="extract_frames").id, worker="test")
    clip.refresh_from_db()
    assert (clip.state, clip.frames.count()) == ("failed", 0)
    detector.before = lambda call: None
    run(clip_retry(clip, created_by=None).id, worker="test")
    clip.refresh_from_db()
    assert (clip.state, clip.key) == ("ready", "")
