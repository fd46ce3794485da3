"""What footage may cost: every limit on incoming files, in one place."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 2**20
GIB = 2**30


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """Limits that readers enforce while they read, never by what a header promises.

    `max_pixels` is for one still or video frame; 80 million is above any road camera and below Pillow's own bomb warning.
    `max_ratio` is a zip member's expanded size over its packed size: photos stay below 2, bombs start at 1,000.
    """

    max_pixels: int = 80_000_000
    max_file_bytes: int = 20 * GIB
    max_still_bytes: int = 256 * MIB
    max_video_frames: int = 1_000_000
    max_archive_members: int = 50_000
    max_archive_bytes: int = 8 * GIB
    max_ratio: float = 100.0
    image_formats: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "BMP", "TIFF")
    video_formats: tuple[str, ...] = ("mov", "matroska", "avi")


DEFAULT_LIMITS = MediaLimits()
