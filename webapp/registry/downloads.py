"""A model's folder as one zip, with the hash that names its bytes: from the store, or packed from what ships with the product."""

import tempfile
from pathlib import Path, PurePosixPath
from typing import IO

from ml.data.archives import pack_folder
from ml.data.hashing import sha256_file
from ml.errors import BadCheckpoint
from ml.models.shipped import bundled_folder
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.registry.models import ModelVersion


def downloadable(model: ModelVersion) -> bool:
    """Whether its weights are the product's to hand out."""
    return bool(model.archive_key) or _shipped(model) is not None


def archive_of(model: ModelVersion) -> tuple[IO[bytes], str]:
    """The open zip and its sha256. Raises: Conflict `not_stored` for a model that lies elsewhere."""
    if model.archive_key:
        return storage.open_key(model.archive_key), PurePosixPath(model.archive_key).stem
    folder = _shipped(model)
    if folder is None:
        raise Conflict("not_stored", f"'{model}' was not trained here: its weights lie at {model.ref}.")
    with tempfile.TemporaryDirectory() as temporary:
        archive = pack_folder(folder, Path(temporary) / "model.zip")
        return archive.open("rb"), sha256_file(archive)  # open, it outlives its name


def _shipped(model: ModelVersion) -> Path | None:
    try:
        return bundled_folder(model.ref) if model.ref.startswith("bundled:") else None
    except BadCheckpoint:  # a name of an earlier release
        return None
