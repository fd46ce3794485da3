"""The hostile folder of the shared data: every `ok_*` comes out right, every `bad_*` gets a named error."""

from pathlib import Path

import numpy as np
import pytest

from ml.data.archives import ArchiveError, iter_zip_members
from ml.data.hashing import hamming, perceptual_hash
from ml.data.images import open_still
from ml.data.limits import DEFAULT_LIMITS
from ml.data.sniff import sniff
from ml.data.video import iter_frames
from ml.errors import BadMedia

REFUSED = {
    "bad_audio_only.mp4": "no_video_stream",
    "bad_bit_rot.mp4": "corrupt",
    "bad_bomb_60000x60000.png": "too_large",
    "bad_elf_renamed.jpg": "not_media",
    "bad_empty.jpg": "empty_file",
    "bad_empty.mp4": "empty_file",
    "bad_html_polyglot.jpg": "truncated",
    "bad_huge_header.png": "too_large",
    "bad_script.svg": "unsupported_format",
    "bad_text.mp4": "not_media",
    "bad_truncated.jpg": "truncated",
    "bad_truncated_half.mp4": "truncated",
    "bad_truncated_head.mp4": "truncated",
}
ZIPS = {
    "bad_zip_bomb.zip": ["expansion_bomb", "expansion_bomb"],
    "bad_zip_mixed.zip": [(640, 360), "truncated", "not_media", "not_media", "system_file", (640, 360)],
    "bad_zip_nested.zip": ["nested_archive"],
    "bad_zip_slip.zip": ["unsafe_name", "unsafe_name", "unsafe_name", (640, 360)],
}
STILL_SIZES = {"ok_exif_rotated_90.jpg": (360, 640), "ok_odd_size.jpg": (333, 217)}
VIDEOS = {
    "ok_444.mp4": (25, (180, 320)),
    "ok_mjpeg.avi": (25, (180, 320)),
    "ok_one_frame.mp4": (1, (180, 320)),
    "ok_portrait.mkv": (25, (640, 360)),
    "ok_vfr.mp4": (25, (360, 640)),
}


@pytest.fixture
def hostile(shared_data: Path) -> Path:
    return shared_data / "hostile"


def ingest(path: Path) -> object:
    """What the product would do with the file: a still's size, the frames of a video, or a zip's outcomes."""
    kind = sniff(path).kind
    if kind == "image":
        return open_still(path).size
    if kind == "video":
        return list(iter_frames(path))
    return [_member(member) for member in iter_zip_members(path, DEFAULT_LIMITS)]


def _member(member) -> object:
    if isinstance(member, ArchiveError):
        return member.error.code
    try:
        return open_still(member.path).size
    except BadMedia as error:
        return error.code


def test_every_file_of_the_folder_is_expected(hostile):
    """A file that is added there must be given an expectation here."""
    names = {path.name for path in hostile.iterdir()}
    known = {*REFUSED, *ZIPS, *VIDEOS}
    assert known <= names
    assert all(name.startswith("ok") for name in names - known)


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_bad_files_get_their_named_error(hostile, name, code):
    with pytest.raises(BadMedia) as caught:
        ingest(hostile / name)
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize(("name", "outcomes"), ZIPS.items())
def test_good_members_of_bad_zips_come_in(hostile, name, outcomes):
    assert ingest(hostile / name) == outcomes


def test_good_stills_all_show_the_same_scene_the_right_way_up(hostile):
    stills = [path for path in hostile.glob("ok*") if path.name not in VIDEOS]
    reference = open_still(hostile / "ok_progressive.jpg")
    for path in stills:
        still = open_still(path)
        assert still.size == STILL_SIZES.get(path.name, (640, 360)), path.name
        if path.name == "ok_odd_size.jpg":
            continue  # cut from the scene, not scaled
        if path.name == "ok_exif_rotated_90.jpg":
            still = still.rotate(90, expand=True)
        assert hamming(perceptual_hash(still), perceptual_hash(reference)) <= 2, path.name
        assert np.asarray(still).mean() == pytest.approx(np.asarray(reference).mean(), abs=3), path.name


@pytest.mark.parametrize(("name", "expected"), VIDEOS.items())
def test_good_videos_come_out_whole(hostile, name, expected):
    frames = ingest(hostile / name)
    assert (len(frames), frames[0].image.shape[:2]) == expected
    times = [frame.time_ms for frame in frames]
    assert times == sorted(set(times))


def test_variable_frame_times_are_exact(hostile):
    times = [round(frame.time_ms, 3) for frame in iter_frames(hostile / "ok_vfr.mp4")]
    assert times[:8] == [40, 80, 160, 200, 400, 600, 800, 1000]
    assert times[-1] == 2560


@pytest.mark.parametrize("name", ["highway_white_right.mp4", "highway_challenge.mp4"])
def test_real_footage_is_read_whole(shared_data, name):
    frames = {"highway_white_right.mp4": 221, "highway_challenge.mp4": 69}
    assert sum(1 for _ in iter_frames(shared_data / "video" / name, every=1)) == frames[name]
