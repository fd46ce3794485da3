"""Failures that `ml` reports by name, each with a message a user can act on."""

from typing import Any


class MlError(Exception):
    """Base of every expected failure in `ml`; `code` is stable and shown to clients."""

    code = "ml_error"

    def __init__(self, detail: str, *, hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint


class BadMedia(MlError):
    """A file that is not what it claims to be, is damaged, or is past a limit."""

    code = "bad_media"

    def __init__(self, detail: str, *, code: str = "bad_media", hint: str = "") -> None:
        super().__init__(detail, hint=hint)
        self.code = code


class BadCheckpoint(MlError):
    """A model reference that cannot be loaded: missing, wrong layout, or unsafe."""

    code = "bad_checkpoint"


class IncompatibleTaxonomy(MlError):
    """None, or too few, of the taxonomy's categories can be predicted by the model."""

    code = "incompatible_taxonomy"


class BadAnnotations(MlError):
    """A label file that breaks its format; the message names the record."""

    code = "bad_annotations"


class NonFiniteLoss(MlError):
    """Training diverged; the last good checkpoint is kept."""

    code = "non_finite_loss"


class BadRecipe(MlError):
    """A training recipe that cannot be followed; `field` names the part of it."""

    code = "bad_recipe"

    def __init__(self, detail: str, *, field: str = "", hint: str = "") -> None:
        super().__init__(detail, hint=hint)
        self.field = field


class EmptySplit(MlError):
    """A split without frames, or without a label of any wanted category."""

    code = "empty_split"


class SharedDrives(MlError):
    """Training and validation frames come from the same drive, or are the same frames."""

    code = "shared_drives"


class OutOfMemory(MlError):
    """The machine or its GPU has too little memory for the batch."""

    code = "out_of_memory"


class DiskFull(MlError):
    """No room left to write; what was written before is whole."""

    code = "disk_full"


class NoGpu(MlError):
    """A recipe asks for a GPU that is not there."""

    code = "no_gpu"


class RunBusy(MlError):
    """Another process trains in this folder."""

    code = "run_busy"


class TooLittleAudited(MlError):
    """Too few audited labels to fit a risk on."""

    code = "too_little_audited"


class BadBundle(MlError):
    """An edge model's zip that is damaged, holds what it should not, or does not see what it should."""

    code = "bad_bundle"


class TooMuchLost(MlError):
    """A model lost more accuracy than allowed when it was made smaller; `report` holds what was measured until then."""

    code = "too_much_lost"

    def __init__(self, detail: str, *, hint: str = "", report: dict[str, Any] | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.report = report or {}
