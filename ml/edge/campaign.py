"""A trigger campaign: what a lead wants the fleet to bring, as a sentence and as values.

"night, bicyclist, score 0.3-0.6, at most 200 a day, until 2,000"
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SCENES = ("day", "night", "glare", "rain", "fog", "blur", "blocked")
ALSO = {
    "cyclist": "bicyclist",
    "pedestrian": "person",
    "blocked lens": "blocked",
    "lorry": "truck",
    "motorcycle": "motorcyclist",
}
_NUMBER = r"([\d][\d,. ]*\d|\d)"
_SCORE = re.compile(r"^score\s+(0?\.\d+|0|1(?:\.0+)?)\s*(?:-|–|to)\s*(0?\.\d+|0|1(?:\.0+)?)$")
_PER_DAY = re.compile(rf"^at most {_NUMBER}(?: frames?)? (?:a|per) day$")
_TOTAL = re.compile(rf"^until {_NUMBER}(?: frames?)?$")


@dataclass(frozen=True, slots=True)
class Campaign:
    """A frame matches when the scene holds and one of its boxes is of the categories with a score inside the range."""

    id: str = ""
    scenes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    score_min: float = 0.0
    score_max: float = 1.0
    per_day: int = 200
    total: int = 2000

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Campaign:
        """As `to_json` wrote it; names that a later version added are left out."""
        known = {name: stored[name] for name in Campaign.__dataclass_fields__ if name in stored}
        for name in ("scenes", "categories"):
            known[name] = tuple(known.get(name, ()))
        return Campaign(**known)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def matches(self, scene: Collection[str], boxes: Sequence[tuple[str, float]]) -> bool:
        """`boxes` are (category, score) pairs; a campaign without categories asks for any box in the range."""
        held = {*scene} | ({"day"} if "night" not in scene else set())
        if not held.issuperset(self.scenes):
            return False
        return any(
            (not self.categories or category in self.categories) and self.score_min <= score <= self.score_max
            for category, score in boxes
        )


def parse(text: str, categories: Collection[str]) -> Campaign:
    """A lead's sentence, phrases between commas in any order.

    Raises:
        ValueError: a phrase is neither a scene, a category, a score range nor a limit; or the sentence asks for everything.
    """
    values: dict[str, Any] = {"scenes": [], "categories": []}
    for phrase in _phrases(text):
        _read(phrase, values, categories)
    if not (values["scenes"] or values["categories"] or "score_min" in values):
        raise ValueError("A campaign needs a scene, a category or a score range; else it would ask for every frame.")
    return Campaign(**{**values, "scenes": tuple(values["scenes"]), "categories": tuple(values["categories"])})


def _phrases(text: str) -> list[str]:
    """Between commas, except those inside a number (2,000)."""
    return [part.strip().lower() for part in re.split(r",(?!\d{3}\b)|;", text) if part.strip()]


def _read(phrase: str, values: dict[str, Any], categories: Collection[str]) -> None:
    word = ALSO.get(phrase, phrase)
    if word in SCENES:
        values["scenes"].append(word)
    elif word in categories:
        values["categories"].append(word)
    elif match := _SCORE.match(phrase):
        low, high = float(match[1]), float(match[2])
        if low >= high:
            raise ValueError(f"'{phrase}': the first score must be the lower one.")
        values.update(score_min=low, score_max=high)
    elif match := _PER_DAY.match(phrase):
        values["per_day"] = _count(match[1])
    elif match := _TOTAL.match(phrase):
        values["total"] = _count(match[1])
    else:
        known = ", ".join([*SCENES, *sorted(categories)])
        raise ValueError(
            f"'{phrase}' is not understood. Known: {known}; 'score 0.3-0.6', 'at most 200 a day', 'until 2,000'."
        )


def _count(text: str) -> int:
    return int(re.sub(r"[,. ]", "", text))
