"""One loaded detector a process: loading costs seconds, a drive's frames should not pay for it again."""

from ml.models.detector import Detector, build_detector
from webapp.registry.models import ModelVersion
from webapp.registry.services import weights_seen

_loaded: dict[str, Detector] = {}


def detector(model: ModelVersion) -> tuple[Detector, ModelVersion]:
    """The model's detector, and the version that its weights really are.

    Raises:
        BadCheckpoint: the reference cannot be loaded.
    """
    found = _loaded.get(model.ref)
    if found is None:
        found = build_detector(model.ref)
        _loaded.clear()  # one at a time: two large models would not fit beside each other
        _loaded[model.ref] = found
    return found, weights_seen(model, found.sha256)
