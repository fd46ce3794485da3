"""One file a format, found by presence: a module with a `TITLE`; one without is what formats share.

`read(path) -> Labelled` is for import, `claims(folder) -> bool` says whether a folder looks like it; `write(images, categories, folder)` is for
export, `picture(name) -> str` where a picture's file goes. `HOLDS` names what it can carry beside boxes and categories (`FEATURES`); the rest is
lost, and is told before an export. `PRELABELS`: it is for a model's boxes. `SPECIAL_CASE_OF`: a format that claims the same folder with less
reason. `write_version(version, split, folder)`: how a frozen version is written instead.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from webapp.core.errors import DomainError
from webapp.datasets.formats.labelled import Labelled, LabelledImage

# name: the picture's whole path; ignore: regions of no category; blanks: category names with blanks.
FEATURES = ("name", "size", "score", "crowd", "ignore", "occluded", "truncated", "track", "blanks")
T = TypeVar("T")
Write = Callable[[Iterable[LabelledImage], Sequence[str], Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """What a format's module offers."""

    name: str
    title: str
    holds: frozenset[str]
    prelabels: bool
    special_case_of: str
    claims: Callable[[Path], bool]
    read: Callable[[Path], Labelled] | None
    write: Write | None
    picture: Callable[[str], str]
    write_version: Callable[[Any, str, Path], list[Path]] | None

    @property
    def loses(self) -> list[str]:
        return [feature for feature in FEATURES if feature not in self.holds]


@cache
def formats() -> dict[str, Format]:
    """Every format by name."""
    modules = {m.name: importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)}
    return {name: _format(name, module) for name, module in sorted(modules.items()) if hasattr(module, "TITLE")}


def known_formats() -> list[str]:
    """The formats that are there."""
    return list(formats())


def reader(name: str) -> Callable[[Path], Labelled]:
    """How a format is read.

    Raises:
        DomainError `unknown_format`.
    """
    known = {one.name: one.read for one in formats().values() if one.read}
    return _chosen(known, name)


def writer(name: str) -> Format:
    """A format that can be written.

    Raises:
        DomainError `unknown_format`.
    """
    return _chosen({one.name: one for one in formats().values() if one.write}, name)


def detect(folder: Path) -> list[str]:
    """The formats that the folder looks like, the surest first."""
    found = [one for one in formats().values() if one.read and one.claims(folder)]
    general = {one.special_case_of for one in found}
    return [one.name for one in sorted(found, key=lambda one: one.name in general)]


def _chosen(known: dict[str, T], name: str) -> T:
    if name not in known:
        raise DomainError(
            "unknown_format", f"'{name}' is not a format that can be used here; known: {', '.join(known)}."
        )
    return known[name]


def _format(name: str, module: ModuleType) -> Format:
    return Format(
        name=name,
        title=module.TITLE,
        holds=frozenset(module.HOLDS),
        prelabels=getattr(module, "PRELABELS", False),
        special_case_of=getattr(module, "SPECIAL_CASE_OF", ""),
        claims=getattr(module, "claims", lambda folder: False),
        read=getattr(module, "read", None),
        write=getattr(module, "write", None),
        picture=getattr(module, "picture", lambda name: f"images/{name}"),
        write_version=getattr(module, "write_version", None),
    )
