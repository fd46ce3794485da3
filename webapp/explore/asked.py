"""What somebody asks the footage for: one small value that a URL, a saved slice and a version can all hold."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

FRAMES, CROPS = "frames", "crops"
KINDS = (FRAMES, CROPS)
RANGES = ("risk", "score", "side", "hour")  # what histograms are brushed by


@dataclass(frozen=True)
class Asked:
    """A filter of frames, or of crops. An empty one takes everything.

    `risk` is the frame's own where frames are asked for, and the label's where crops are; `side` is the root of a label's area in px; `hour` that in
    which its drive was recorded (22 to 4 runs over midnight); `scene` a time of day or weather as it was noted, `light` day or night, told by the picture where nobody noted it; every word of `text` is looked for in the
    names of frame, drive, place, vehicle and camera.
    """

    kind: str = FRAMES
    drive: int | None = None
    category: int | None = None
    model: int | None = None
    state: str | None = None
    box_state: str | None = None
    scene: str = ""
    light: str | None = None
    text: str = ""
    risk_min: float | None = None
    risk_max: float | None = None
    score_min: float | None = None
    score_max: float | None = None
    side_min: float | None = None
    side_max: float | None = None
    hour_min: int | None = None
    hour_max: int | None = None

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """From JSON or a query string that was validated; what it does not know is left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})

    def values(self) -> dict[str, Any]:
        """As JSON: only what it says."""
        return {name: value for name, value in asdict(self).items() if value not in (None, "")}

    def range_of(self, name: str) -> tuple[float | None, float | None]:
        return getattr(self, f"{name}_min"), getattr(self, f"{name}_max")

    def without_ranges(self, *names: str) -> Self:
        """The same with these ranges open at both ends."""
        open_ends: dict[str, Any] = {f"{name}_{end}": None for name in names for end in ("min", "max")}
        return replace(self, **open_ends)

    def of_frames_alone(self) -> Self:
        """What it says of frames and their drives, and nothing of labels."""
        ranges = self.without_ranges(*RANGES)
        return replace(ranges, kind=FRAMES, category=None, model=None, box_state=None)

    @property
    def of_labels(self) -> bool:
        """Whether it says anything about labels, so that frames are asked for theirs."""
        said = (self.category, self.model, self.box_state, *self.range_of("score"), *self.range_of("side"))
        return any(value is not None for value in said)
