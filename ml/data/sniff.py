"""What a file is, by its first bytes; names and extensions are never asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ml.data.limits import DEFAULT_LIMITS, MediaLimits
from ml.errors import BadMedia

MediaKind = Literal["image", "video", "archive"]
ACCEPTED = "Upload video (mp4, mov, mkv, avi, webm), images (jpg, png, webp, bmp, tiff) or a zip of images."

# ISO media brands of still images, which share the container of mp4.
STILL_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
QUICKTIME_ATOMS = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


@dataclass(frozen=True, slots=True)
class MediaType:
    """`format` is Pillow's name for an image ("JPEG"), FFmpeg's demuxer for a video ("mov"), "zip" for an archive."""

    kind: MediaKind
    format: str


def sniff(path: Path, limits: MediaLimits = DEFAULT_LIMITS) -> MediaType:
    """The type of a file.

    Raises:
        BadMedia: `empty_file`, `too_large`, `not_media`, `unsupported_format`.
    """
    size = path.stat().st_size
    if size == 0:
        raise BadMedia("The file is empty (0 bytes).", code="empty_file", hint="Copy it from the camera again.")
    if size > limits.max_file_bytes:
        raise BadMedia(
            f"The file has {size:,} bytes; the limit is {limits.max_file_bytes:,}.",
            code="too_large",
            hint="Split it into shorter clips.",
        )
    with path.open("rb") as file:
        return sniff_bytes(file.read(32))


def sniff_bytes(head: bytes) -> MediaType:
    """The type that the first bytes of a file announce.

    Raises:
        BadMedia: `not_media`, `unsupported_format`.
    """
    if found := _image(head) or _video(head):
        return found
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return MediaType("archive", "zip")
    if name := _known_but_refused(head):
        raise BadMedia(f"The file is {name}, which is not read here.", code="unsupported_format", hint=ACCEPTED)
    raise BadMedia("The content is not video, an image or a zip.", code="not_media", hint=ACCEPTED)


def _image(head: bytes) -> MediaType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType("image", "JPEG")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType("image", "PNG")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType("image", "WEBP")
    if head.startswith(b"BM"):
        return MediaType("image", "BMP")
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        return MediaType("image", "TIFF")
    return None


def _video(head: bytes) -> MediaType | None:
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return MediaType("video", "avi")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return MediaType("video", "matroska")
    if head[4:8] in QUICKTIME_ATOMS and head[8:12] not in STILL_BRANDS:
        return MediaType("video", "mov")
    return None


def _known_but_refused(head: bytes) -> str | None:
    if head[4:8] == b"ftyp":
        return "a HEIC or AVIF image"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "a GIF image"
    if head.lstrip()[:4].lower() == b"<svg":
        return "an SVG drawing"
    if head[:4] in (b"Rar!", b"7z\xbc\xaf") or head[:2] == b"\x1f\x8b":
        return "an archive other than zip"
    return None
