"""A version's stills as one zip, written while it is sent."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from webapp.core import storage
from webapp.core.pipe import Pipe
from webapp.datasets.manifest import read_rows
from webapp.datasets.models import DatasetVersion


def zip_stream(version: DatasetVersion, split: str | None) -> Iterator[bytes]:
    """JPEGs are stored, not packed again; dates are fixed, so that the bytes depend on the version alone."""
    pipe = Pipe()  # zipfile cannot seek in it, so that sizes follow each member
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for _, row in read_rows(storage.materialised(version.frames_key, Path(folder)), split):
            with (
                storage.open_key(row["image_key"]) as source,
                archive.open(zipfile.ZipInfo(row["file_name"]), "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target)
            yield pipe.take()
    yield pipe.take()
