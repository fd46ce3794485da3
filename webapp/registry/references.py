"""What a model's reference may be when a person names it over the network: nothing that leads into another's store or to another host."""

import re
from pathlib import Path

from django.conf import settings

from webapp.core.errors import DomainError

SCHEMES = ("bundled", "yolox", "yolox-onnx")
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


def reference_check(ref: str) -> str:
    """The reference itself.

    Raises:
        DomainError `bad_reference`: it has an unknown scheme, is an address, or names a file of the product's own home.
    """
    scheme, colon, rest = ref.partition(":")
    if colon and scheme not in SCHEMES:
        known = ", ".join(f"{name}:…" for name in SCHEMES)
        raise _bad(f"'{ref}' is no reference: give {known}, a folder, or a hub id 'owner/name'.")
    where = rest if colon else ref
    if scheme != "bundled" and not HUB_ID.fullmatch(where) and _inside_home(where):
        raise _bad("That file is the product's own. A model that was trained here is in the list of models already.")
    return ref


def _inside_home(where: str) -> bool:
    """Whatever links lie between."""
    try:
        path = Path(where).expanduser().resolve()
    except (OSError, ValueError, RuntimeError):  # not a name that a file can have
        raise _bad(f"'{where[:80]}' is no path.") from None
    own = (settings.MEDIA_ROOT, settings.UPLOADS_ROOT, settings.MODELS_ROOT, settings.RUNS_ROOT)
    return any(path.is_relative_to(Path(root).resolve()) for root in own)


def _bad(why: str) -> DomainError:
    return DomainError("bad_reference", why, fields={"ref": why})
