"""A version's stills as one zip, written while it is sent."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from webapp.core import storage
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion


class _Pipe:
    """What zipfile writes, to be taken out piece by piece; it cannot seek, so sizes follow each member."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """Nothing lies below."""

    def take(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken


def zip_stream(version: DatasetVersion, split: str | None) -> Iterator[bytes]:
    """JPEGs are stored, not packed again; dates are fixed, so that the bytes depend on the version alone."""
    pipe = _Pipe()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for _, row in read_rows(storage.materialised(version.frames_key, Path(folder)), split):
            with (
                storage.open_key(row["image_key"]) as source,
                archive.open(zipfile.ZipInfo(row["file_name"]), "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target)
            yield pipe.take()
    yield pipe.take()
