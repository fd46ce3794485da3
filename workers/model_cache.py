"""One loaded detector a process: loading costs seconds, a drive's frames should not pay for it again."""

import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from django.conf import settings

from ml.errors import BadCheckpoint
from ml.models.detector import Detector, build_detector
from webapp.core import storage
from webapp.registry.models import ModelVersion
from webapp.registry.services import STORED, weights_seen

_loaded: dict[str, Detector] = {}
LARGEST_MODEL = 20 * 2**30  # bytes unpacked


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
    """What `build_detector` takes: a stored model is unpacked once, into a folder named by the archive's hash."""
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
    """Raises: BadCheckpoint for a member that would lie elsewhere, or an archive too large to be a model."""
    with zipfile.ZipFile(archive) as file:
        members = file.infolist()
        if sum(member.file_size for member in members) > LARGEST_MODEL:
            raise BadCheckpoint(f"{archive.name} unpacks to more than {LARGEST_MODEL} bytes.")
        for member in members:
            target = (folder / member.filename).resolve()
            if not target.is_relative_to(folder.resolve()):
                raise BadCheckpoint(f"{archive.name} has a member outside its folder: '{member.filename}'.")
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open(member) as source, target.open("wb") as out:
                shutil.copyfileobj(source, out, 2**20)
