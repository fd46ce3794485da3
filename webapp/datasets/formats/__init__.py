"""One file a format, found by presence.

A format's module offers `read(folder) -> Labelled` for import, `write(version, split, folder) -> list[Path]` for export, or both.
"""

import importlib
import pkgutil
from types import ModuleType

from webapp.core.errors import DomainError


def known_formats() -> list[str]:
    """The formats that are there."""
    return sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "labelled")


def format_module(name: str, *, needs: str) -> ModuleType:
    """The module of a format that can `read` or `write`.

    Raises:
        DomainError `unknown_format`.
    """
    able = [known for known in known_formats() if hasattr(importlib.import_module(f"{__name__}.{known}"), needs)]
    if name not in able:
        raise DomainError(
            "unknown_format", f"'{name}' is not a format that can be used here; known: {', '.join(able)}."
        )
    return importlib.import_module(f"{__name__}.{name}")
