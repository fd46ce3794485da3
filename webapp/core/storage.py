"""Content-addressed files: a key is made of the bytes, so that a file is written once and never changes."""

import hashlib
import os
import shutil
import uuid
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage, storages


def put_bytes(data: bytes, suffix: str) -> str:
    """Store `data`; its key, `ab/cd/<sha256><suffix>`. Storing the same bytes again changes nothing."""
    key = key_of(data, suffix)
    if not default_storage.exists(key):
        target = local_path(key)
        if target is None:
            default_storage.save(key, ContentFile(data))
        else:
            with _temporary(target) as (handle, temporary):
                handle.write(data)
                _settle(handle, temporary, target)
    return key


def key_of(data: bytes, suffix: str) -> str:
    """Where these bytes lie, once they are stored."""
    return _key(hashlib.sha256(data).hexdigest(), suffix)


def put_file(path: Path, suffix: str, *, sha256: str) -> str:
    """Store a file whose hash is known; the original stays."""
    key = _key(sha256, suffix)
    if not default_storage.exists(key):
        target = local_path(key)
        with path.open("rb") as source:
            if target is None:
                default_storage.save(key, File(source))
            else:
                with _temporary(target) as (handle, temporary):
                    shutil.copyfileobj(source, handle, 2**20)
                    _settle(handle, temporary, target)
    return key


def open_key(key: str) -> BinaryIO:
    """The stored bytes, from the beginning."""
    return default_storage.open(key, "rb")  # type: ignore[return-value]  # Django's File is a binary file


def exists(key: str) -> bool:
    """Whether the store has the key's bytes."""
    return default_storage.exists(key)


def local_path(key: str) -> Path | None:
    """Where the key lies on this machine's disk; None in an object store."""
    return Path(default_storage.path(key)) if isinstance(storages["default"], FileSystemStorage) else None


def materialised(key: str, folder: Path) -> Path:
    """A local file with the key's bytes: the stored one itself, or a copy in `folder`."""
    if (path := local_path(key)) is not None:
        return path
    copy = folder / Path(key).name
    with open_key(key) as source, copy.open("wb") as target:
        shutil.copyfileobj(source, target, 2**20)
    return copy


def remove(key: str) -> None:
    """Delete the bytes; the caller knows that nothing names them."""
    default_storage.delete(key)


def _key(sha256: str, suffix: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"


class _temporary:  # noqa: N801 - used as a context manager, like a function
    """A file beside the target that disappears unless it was settled."""

    def __init__(self, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path = target.with_name(f".{uuid.uuid4().hex}.part")

    def __enter__(self) -> tuple[BinaryIO, Path]:
        self.handle = self.path.open("wb")
        return self.handle, self.path

    def __exit__(self, *_: object) -> None:
        self.handle.close()
        self.path.unlink(missing_ok=True)


def _settle(handle: BinaryIO, temporary: Path, target: Path) -> None:
    """On disk before it has its name: a crash leaves the whole file or none."""
    handle.flush()
    os.fsync(handle.fileno())
    temporary.replace(target)
