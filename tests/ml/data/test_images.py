"""Stills come out upright and in true colours, or are refused by name."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image

from ml.data.images import encode_jpeg, open_still, thumbnail
from ml.data.limits import MediaLimits
from ml.errors import BadMedia

RED = (220, 40, 30)


@pytest.fixture
def saved(tmp_path):
    def save(image: Image.Image, name: str = "still.png", **options):
        path = tmp_path / name
        image.save(path, **options)
        return path

    return save


def half_red() -> Image.Image:
    """40 x 20, the left half red, the right half black."""
    image = Image.new("RGB", (40, 20))
    image.paste(RED, (0, 0, 20, 20))
    return image


def code_of(path, limits=None) -> str:
    with pytest.raises(BadMedia) as caught:
        open_still(path, limits or MediaLimits())
    assert path.name not in caught.value.detail  # no path of ours in what a sender reads
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.bmp", "a.tiff", "picture_without_extension"])
def test_every_accepted_format_is_read_whatever_its_name(saved, name):
    path = saved(half_red(), name, format={"picture_without_extension": "PNG"}.get(name))
    still = open_still(path)
    assert (still.mode, still.size) == ("RGB", (40, 20))
    assert still.getpixel((5, 10)) == pytest.approx(RED, abs=12)


@pytest.mark.parametrize(
    ("orientation", "red_at"), [(1, "left"), (2, "right"), (3, "right"), (6, "top"), (8, "bottom")]
)
def test_exif_orientation_is_applied(saved, orientation, red_at):
    exif = Image.Exif()
    exif[0x0112] = orientation
    still = open_still(saved(half_red(), "a.jpg", exif=exif, quality=95))
    points = {"left": (0.1, 0.5), "right": (0.9, 0.5), "top": (0.5, 0.1), "bottom": (0.5, 0.9)}
    x, y = points[red_at]
    assert still.getpixel((int(x * still.width), int(y * still.height)))[0] > 180
    assert (still.width > still.height) == (orientation < 5)
    assert "exif" not in Image.open(io.BytesIO(encode_jpeg(still))).info


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_leaves_the_picture_as_stored(saved):
    path = saved(half_red(), "a.jpg", exif=b"Exif\x00\x00MM\x00*\x00\x00\xff\xff garbage")
    assert open_still(path).size == (40, 20)


def test_sixteen_bits_are_scaled_not_clipped(saved):
    ramp = np.linspace(0, 65535, 256, dtype=np.uint16)[None].repeat(4, axis=0)
    still = np.asarray(open_still(saved(Image.fromarray(ramp))))
    assert still[0, :, 0].tolist() == list(range(256))
    assert (still[..., 0] == still[..., 2]).all()


def test_cmyk_becomes_rgb(saved):
    still = open_still(saved(half_red().convert("CMYK"), "a.jpg", quality=95))
    assert still.getpixel((5, 10)) == pytest.approx(RED, abs=12)
    assert still.getpixel((35, 10)) == pytest.approx((0, 0, 0), abs=12)


def test_palette_becomes_rgb(saved):
    assert open_still(saved(half_red().quantize(8))).getpixel((5, 10)) == pytest.approx(RED, abs=6)


def test_alpha_is_laid_over_black(saved):
    layers = Image.new("RGBA", (4, 4), (200, 100, 50, 0))
    layers.putpixel((1, 1), (200, 100, 50, 255))
    layers.putpixel((2, 2), (200, 100, 50, 128))
    still = open_still(saved(layers))
    assert still.getpixel((0, 0)) == (0, 0, 0)
    assert still.getpixel((1, 1)) == (200, 100, 50)
    assert still.getpixel((2, 2)) == pytest.approx((100, 50, 25), abs=1)


def test_an_animation_gives_its_first_picture(saved):
    path = saved(
        half_red(), "a.webp", save_all=True, append_images=[Image.new("RGB", (40, 20), "white")], lossless=True
    )
    assert open_still(path).getpixel((5, 10)) == RED


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x7fELF" + bytes(100), "not_media"),
        (b"MZ" + bytes(100), "not_media"),
        (b"<html><script>alert(1)</script>", "not_media"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_format"),
        (b"GIF89a" + bytes(50), "unsupported_format"),
        (b"\x00\x00\x00\x20ftypheic" + bytes(50), "unsupported_format"),
        (b"PK\x03\x04" + bytes(50), "unsupported_format"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "truncated"),
        (b"\xff\xd8\xff\xe0" + bytes(50) + b"\xff\xd9", "corrupt"),
    ],
)
def test_what_is_no_still_is_refused_by_its_content(tmp_path, content, code):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    assert code_of(path) == code


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_cut_files_are_refused(saved, name, share):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 80, 3), dtype=np.uint8))
    path = saved(noise, name)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert code_of(path) in ("truncated", "corrupt")


def test_bombs_are_refused_before_they_are_unpacked(saved):
    path = saved(Image.new("1", (3000, 3000)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert code_of(path, MediaLimits(max_pixels=3000 * 3000 - 1)) == "too_large"
    assert code_of(path, MediaLimits(max_still_bytes=10)) == "too_large"


def test_a_thumbnail_keeps_the_shape_and_never_enlarges():
    wide = Image.open(io.BytesIO(thumbnail(Image.new("RGB", (1920, 1080)))))
    assert (wide.format, wide.size) == ("JPEG", (320, 180))
    assert Image.open(io.BytesIO(thumbnail(Image.new("RGB", (5000, 3)), width=100))).size == (100, 1)
    assert Image.open(io.BytesIO(thumbnail(half_red()))).size == (40, 20)


def test_pixels_and_images_encode_alike():
    image = half_red()
    assert encode_jpeg(image) == encode_jpeg(np.asarray(image))
    assert len(encode_jpeg(image, quality=30)) < len(encode_jpeg(image, quality=95))
