"""One loaded detector a process: loading costs seconds, a drive's frames should not pay for it again."""

import tempfile
from pathlib import Path, PurePosixPath

from django.conf import settings

from ml.data.archives import unpack_zip
from ml.data.hashing import sha256_file
from ml.data.limits import GIB, MediaLimits
from ml.errors import BadCheckpoint, BadMedia
from ml.models.detector import Detector, build_detector
from webapp.core import storage
from webapp.registry.models import ModelVersion
from webapp.registry.services import STORED, weights_seen

_loaded: dict[str, Detector] = {}
LIMITS = MediaLimits(max_still_bytes=20 * GIB, max_archive_bytes=20 * GIB, max_archive_members=1000)


def detector(model: ModelVersion) -> tuple[Detector, ModelVersion]:
    """The model's detector, and the version that its weights really are.

    Raises:
        BadCheckpoint: the reference cannot be loaded.
    """
    found = _loaded.get(model.ref)
    if found is None:
        found = build_detector(loadable(model))
        _loaded.clear()  # one at a time: two large models would not fit beside each other
        _loaded[model.ref] = found
    return found, weights_seen(model, found.sha256)


def loadable(model: ModelVersion) -> str:
    """What `build_detector` takes: a stored model is unpacked once, into a folder named by the archive's hash.

    Raises:
        BadCheckpoint: the archive is damaged, unsafe or too large.
    """
    if not model.ref.startswith(STORED):
        return model.ref
    key = model.ref.removeprefix(STORED)
    folder = Path(settings.MODELS_ROOT) / PurePosixPath(key).stem
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            fresh = Path(temporary) / "model"
            _unpack(storage.materialised(key, Path(temporary)), fresh)
            try:
                fresh.rename(folder)
            except OSError:  # another worker was quicker: its folder holds the same
                if not folder.is_dir():
                    raise
    return str(folder)


def _unpack(archive: Path, folder: Path) -> None:
    """The archive is what its name says, and nothing in it lies elsewhere. Raises: BadCheckpoint."""
    if sha256_file(archive) != archive.stem:
        raise BadCheckpoint(
            f"The stored model {archive.name} is damaged: its bytes are not those of its hash.",
            hint="Bring it back from a backup of the store.",
        )
    try:
        unpack_zip(archive, folder, LIMITS)
    except BadMedia as error:
        raise BadCheckpoint(f"{archive.name} cannot be unpacked: {error.detail}", hint=error.hint) from error
