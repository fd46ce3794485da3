"""Content-addressed files: a key is made of the bytes, so that a file is written once and never changes."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage, storages

BLOCK = 2**18


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


def part(key: str, start: int, length: int) -> Iterator[bytes]:
    """`length` bytes from `start`, in blocks; an object store sends no others. Raises: FileNotFoundError, at once."""
    if (bucket := getattr(storages["default"], "bucket", None)) is not None:
        if not default_storage.exists(key):
            raise FileNotFoundError(key)
        asked = bucket.Object(key).get(Range=f"bytes={start}-{start + length - 1}") if length else None
        return asked["Body"].iter_chunks(BLOCK) if asked else iter(())
    file = open_key(key)
    file.seek(start)
    return _blocks(file, length)


def stored() -> Iterator[tuple[str, int]]:
    """Every stored key with its size in bytes; an object store tells a thousand at a time."""
    store = storages["default"]
    if (bucket := getattr(store, "bucket", None)) is not None:
        yield from ((found.key, found.size) for found in bucket.objects.all())
        return
    root = Path(store.path(""))
    for folder, _, names in os.walk(root):
        for path in (Path(folder) / name for name in sorted(names) if not name.startswith(".")):
            yield path.relative_to(root).as_posix(), path.stat().st_size


def exists(key: str) -> bool:
    """Whether the store has the key's bytes."""
    return default_storage.exists(key)


def size_of(key: str) -> int | None:
    """In bytes; None where the store has no such key."""
    try:
        return default_storage.size(key)
    except FileNotFoundError:
        return None


def has_digest(sha256: str) -> bool:
    """Whether the store has these bytes under a name of any ending."""
    try:
        return any(name.split(".")[0] == sha256 for name in default_storage.listdir(f"{sha256[:2]}/{sha256[2:4]}")[1])
    except FileNotFoundError:
        return False


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


def _blocks(file: BinaryIO, length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (block := file.read(min(BLOCK, length))):
            length -= len(block)
            yield block


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
