"""Stills: read any accepted image as upright 8-bit RGB, and write JPEGs and thumbnails."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ml.data.limits import DEFAULT_LIMITS, MediaLimits
from ml.data.sniff import ACCEPTED, MediaType, sniff
from ml.errors import BadMedia

Pixels = NDArray[np.uint8]

# What Pillow's decoders raise on damaged input.
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, KeyError, struct.error, zlib.error)

END_MARKS = {"JPEG": b"\xff\xd9", "PNG": b"IEND"}


def open_still(path: Path, limits: MediaLimits = DEFAULT_LIMITS) -> Image.Image:
    """An image file as upright RGB: EXIF orientation applied, CMYK and palette converted, 16 bits scaled to 8, alpha laid
    over black. Of an animation, the first picture.

    Raises:
        BadMedia: `empty_file`, `not_media`, `unsupported_format`, `too_large`, `truncated`, `corrupt`.
    """
    media = sniff(path, limits)
    _refuse_unless_still(media, path.stat().st_size, limits)
    try:
        with Image.open(path, formats=[media.format]) as image:
            _refuse_bomb(image.width, image.height, limits)
            image.load()
            return _as_rgb(_upright(image))
    except Image.DecompressionBombError as error:
        raise BadMedia(
            f"The image is past {limits.max_pixels:,} pixels ({error}).", code="too_large", hint="Scale it down."
        ) from error
    except DAMAGE as error:
        raise _damage(error, path, media.format) from error


def encode_jpeg(image: Image.Image | Pixels, quality: int = 90) -> bytes:
    """JPEG bytes of an RGB image, or of (H, W, 3) uint8 pixels. No metadata is written."""
    out = io.BytesIO()
    as_image(image).save(out, format="JPEG", quality=quality)
    return out.getvalue()


def still_bytes(path: Path, image: Image.Image) -> bytes:
    """The JPEG to keep of a still: the file itself where it is a plain upright RGB one, so that no pixel changes; else a new encoding.

    Files with EXIF (a turn, a place, a name) or with anything behind the picture's end are encoded anew and keep none of it.
    """
    data = path.read_bytes()
    with Image.open(path) as original:
        plain = original.format == "JPEG" and original.mode == "RGB" and not original.getexif()
    whole = data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")
    return data if plain and whole else encode_jpeg(image)


def thumbnail(image: Image.Image | Pixels, width: int = 320) -> bytes:
    """A JPEG of the whole picture, `width` pixels wide; narrower pictures keep their size."""
    picture = as_image(image)
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return encode_jpeg(picture, quality=80)


def as_image(image: Image.Image | Pixels) -> Image.Image:
    """(H, W, 3) uint8 RGB pixels as a Pillow image; an image stays what it is."""
    return image if isinstance(image, Image.Image) else Image.fromarray(image)


def _refuse_unless_still(media: MediaType, size: int, limits: MediaLimits) -> None:
    if media.kind != "image" or media.format not in limits.image_formats:
        raise BadMedia(f"The file is {media.format}, not a still image.", code="unsupported_format", hint=ACCEPTED)
    if size > limits.max_still_bytes:
        raise BadMedia(
            f"The image has {size:,} bytes; the limit is {limits.max_still_bytes:,}.",
            code="too_large",
            hint="Save it as JPEG.",
        )


def _refuse_bomb(width: int, height: int, limits: MediaLimits) -> None:
    if width * height > limits.max_pixels:
        raise BadMedia(
            f"The image claims {width} x {height} pixels; the limit is {limits.max_pixels:,} pixels.",
            code="too_large",
            hint="Scale it down.",
        )


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except DAMAGE:
        # The pixels are whole and only the metadata is broken: the picture is shown as it is stored.
        return image


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image.copy()
    if image.mode.startswith("I"):
        return _from_16_bit(image).convert("RGB")
    if image.mode == "F":
        raise BadMedia(
            "The image holds floating-point samples without a range.",
            code="unsupported_format",
            hint="Save it with 8 or 16 bits a channel.",
        )
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layers.size, "black"), layers).convert("RGB")
    return image.convert("RGB")


def _from_16_bit(image: Image.Image) -> Image.Image:
    """Pillow's own conversion clips at 255; 65,535 has to become 255 instead."""
    samples = np.asarray(image).astype(np.int64).clip(0, 65535)
    return Image.fromarray(((samples * 255 + 32767) // 65535).astype(np.uint8))


def _damage(error: Exception, path: Path, format: str) -> BadMedia:
    """Cut files are told from rotten ones, because the remedy differs."""
    # Pillow's message for an unreadable header is the path, which is of no use to the sender.
    why = "its header cannot be read" if isinstance(error, UnidentifiedImageError) else str(error)
    if "truncated" in why or isinstance(error, EOFError) or _has_no_end(path, format):
        return BadMedia(
            f"The image ends early ({why}).", code="truncated", hint="Copy it from the camera again; the copy is cut."
        )
    return BadMedia(f"The image is damaged ({why}).", code="corrupt", hint="Copy it from the camera again.")


def _has_no_end(path: Path, format: str) -> bool:
    mark = END_MARKS.get(format)
    return mark is not None and mark not in path.read_bytes()
