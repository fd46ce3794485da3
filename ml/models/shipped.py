"""The models that ship with the product: folders beside this file. No torch here, so the web may hand them out."""

from __future__ import annotations

from pathlib import Path

from ml.errors import BadCheckpoint

BUNDLED = Path(__file__).with_name("bundled")
SCHEME = "bundled:"


def bundled_names() -> list[str]:
    """Of the models that ship."""
    return sorted(folder.name for folder in BUNDLED.iterdir() if (folder / "config.json").is_file())


def bundled_folder(ref: str) -> Path:
    """Where `bundled:<name>` lies. Raises: BadCheckpoint when it does not ship."""
    name = ref.removeprefix(SCHEME)
    if name not in bundled_names():
        raise BadCheckpoint(f"'{SCHEME}{name}' does not ship with this product; known: {', '.join(bundled_names())}.")
    return BUNDLED / name
