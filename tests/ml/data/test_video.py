"""Video comes out upright, in order, by its own clock - or is refused by name."""

from pathlib import Path

import av
import numpy as np
import pytest

from ml.data.limits import MediaLimits
from ml.data.video import iter_frames, probe
from ml.errors import BadMedia

UNEVEN_MS = [0, 40, 80, 300, 340, 1000, 1030, 1500, 2040]


def times(path: Path, **sampling) -> list[float]:
    return [round(frame.time_ms, 3) for frame in iter_frames(path, **sampling)]


def refusal(path: Path, **options) -> BadMedia:
    with pytest.raises(BadMedia) as caught:
        list(iter_frames(path, **options))
    assert caught.value.hint
    return caught.value


def test_a_variable_frame_rate_keeps_its_exact_times(clip):
    assert times(clip(UNEVEN_MS)) == UNEVEN_MS


def test_sampling_by_fps_takes_the_first_frame_at_or_after_each_tick(clip):
    # Ticks at 0, 500, 1000, 1500, 2000; the frame at 1000 answers for 500 and 1000 and is taken once.
    assert times(clip(UNEVEN_MS), fps=2) == [0, 1000, 1500, 2040]
    assert times(clip(UNEVEN_MS), fps=1000) == UNEVEN_MS


def test_sampling_at_the_frame_rate_itself_takes_every_frame(clip):
    assert len(times(clip(range(0, 4000, 40)), fps=25)) == 100


def test_sampling_every_nth_frame(clip):
    path = clip(UNEVEN_MS)
    assert [frame.index for frame in iter_frames(path, every=4)] == [0, 4, 8]
    assert times(path, every=1) == UNEVEN_MS


@pytest.mark.parametrize(
    "sampling", [{"fps": 0}, {"fps": -1}, {"fps": float("nan")}, {"every": 0}, {"fps": 1, "every": 2}]
)
def test_impossible_sampling_is_refused(clip, sampling):
    with pytest.raises(ValueError, match=r"fps|every"):
        list(iter_frames(clip(), **sampling))


def test_frames_are_their_own_pictures(clip):
    for frame in iter_frames(clip(range(0, 400, 40))):
        assert frame.image.shape == (48, 64, 3)
        assert frame.image.dtype == np.uint8
        assert frame.image[:, 40:].mean() == pytest.approx(100 + 5 * frame.index, abs=4)


@pytest.mark.parametrize(("clockwise", "dark"), [(0, "left"), (90, "top"), (180, "right"), (270, "bottom")])
def test_rotation_metadata_is_applied(clip, clockwise, dark):
    path = clip(rotation=-clockwise)
    image = next(iter_frames(path)).image
    height, width = image.shape[:2]
    sides = {
        "left": image[:, : width // 4],
        "right": image[:, -width // 4 :],
        "top": image[: height // 4],
        "bottom": image[-height // 4 :],
    }
    assert min(sides, key=lambda side: sides[side].mean()) == dark
    found = probe(path)
    assert found.rotation == clockwise
    assert (found.width, found.height) == (width, height) == ((48, 64) if clockwise % 180 else (64, 48))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "mpeg4"), ("a.mov", "mpeg4"), ("a.mkv", "mpeg4"), ("a.avi", "mjpeg"), ("a.webm", "libvpx")],
)
def test_every_accepted_container_is_read(clip, name, codec):
    path = clip(range(0, 400, 40), name=name, codec=codec)
    assert len(list(iter_frames(path))) >= 10
    found = probe(path)
    assert (found.width, found.height, found.rotation) == (64, 48, 0)
    assert found.duration_s == pytest.approx(0.4, abs=0.05)


def test_probe_states_the_mean_frame_rate_and_the_count(clip):
    found = probe(clip(range(0, 1000, 40)))
    assert found.fps == pytest.approx(25, abs=1.1)
    assert found.frames == 25
    assert found.codec == "mpeg4"


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.avi"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused_wherever_it_was_cut(clip, name, share):
    codec = "mjpeg" if name.endswith("avi") else "mpeg4"
    whole = clip(name=name, codec=codec, options={"movflags": "faststart"} if name == "clip.mp4" else None)
    content = whole.read_bytes()
    whole.write_bytes(content[: int(len(content) * share)])
    error = refusal(whole)
    assert error.code == "truncated"
    assert f"the file has {int(len(content) * share):,}" in error.detail


def test_bytes_after_the_end_do_no_harm(clip):
    path = clip()
    path.write_bytes(path.read_bytes() + b"\x00" * 500)
    assert len(list(iter_frames(path))) == 25


def test_damage_inside_tells_how_far_the_video_decodes(clip):
    path = clip(range(0, 4000, 40), codec="libx264")
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat")
    for position in range(start + 1500, start + 2500):
        content[position] = 0xFF
    path.write_bytes(content)
    error = refusal(path)
    assert error.code == "corrupt"
    assert "frames decode, up to" in error.detail


def test_sound_alone_is_no_video(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert refusal(path).code == "no_video_stream"
    with pytest.raises(BadMedia):
        probe(path)


def test_limits_are_kept(clip):
    path = clip()
    assert refusal(path, max_frames=24).code == "too_large"
    assert len(list(iter_frames(path, max_frames=25))) == 25
    assert refusal(path, limits=MediaLimits(max_pixels=64 * 48 - 1)).code == "too_large"
    assert refusal(path, limits=MediaLimits(max_file_bytes=100)).code == "too_large"


@pytest.mark.parametrize("content", [b"#EXTM3U\nhttp://example.org/x.ts\n", b"ffconcat version 1.0\nfile secret.mp4\n"])
def test_a_playlist_dressed_as_video_opens_nothing(tmp_path, content):
    path = tmp_path / "list.mp4"
    path.write_bytes(content)
    assert refusal(path).code == "not_media"
