"""Whether a video file is whole: the sizes its container promises, held against the bytes that are there.

FFmpeg reads a cut file up to the cut and then stops, often without a word; half a drive would look like a short one.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from ml.errors import BadMedia

EBML_HEADER, SEGMENT = 0x1A45DFA3, 0x18538067


def refuse_cut_video(path: Path, format: str) -> None:
    """Check the outermost structure of a "mov", "matroska" or "avi" file; costs a few seeks.

    Raises:
        BadMedia: `truncated`, with the byte where the file ends and the one where it should.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        promised = PROMISED_END[format](file, size)
    if promised > size:
        raise BadMedia(
            f"The video is cut: its container promises at least {promised:,} bytes and the file has {size:,}.",
            code="truncated",
            hint="Copy it from the camera again; this copy is not complete.",
        )


def _mov_end(file: BinaryIO, size: int) -> int:
    """End of the last top-level box; a box of size 0 runs to the end of the file."""
    end = 0
    while end + 8 <= size:
        file.seek(end)
        length, kind = struct.unpack(">I4s", file.read(8))
        if length == 1:
            long_length = file.read(8)
            length = struct.unpack(">Q", long_length)[0] if len(long_length) == 8 else 16
        if length < 8 or not kind.isascii():
            break  # zero padding or bytes appended after the last box
        end += length
    return end


def _matroska_end(file: BinaryIO, size: int) -> int:
    """End of the segment; a live recording states no size, and then the file's own end is believed."""
    end = 0
    for expected in (EBML_HEADER, SEGMENT):
        file.seek(end)
        if _vint(file, keep_marker=True) != expected:
            return size
        length = _vint(file, keep_marker=False)
        if length is None:
            return size
        end = file.tell() + length
    return end


def _vint(file: BinaryIO, *, keep_marker: bool) -> int | None:
    """A variable-length integer of EBML; None at the end of the file or where all bits are set ("unknown")."""
    first = file.read(1)
    if not first or first == b"\x00":
        return None
    length = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(length - 1), "big")
    if keep_marker:
        return value
    value &= (1 << 7 * length) - 1
    return None if value == (1 << 7 * length) - 1 else value


def _avi_end(file: BinaryIO, size: int) -> int:
    """End of the first RIFF list; recorders that lost power leave its size 0."""
    file.seek(4)
    length = struct.unpack("<I", file.read(4).ljust(4, b"\x00"))[0]
    return 8 + length if 0 < length < 0xFFFFFFFF else size


PROMISED_END = {"mov": _mov_end, "matroska": _matroska_end, "avi": _avi_end}
