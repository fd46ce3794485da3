"""A backup is a folder: the rows as an embedded database whatever the product runs on, the files of the store by content, and what both must be.

Files never change, so that a second backup into the same folder writes only what is new. The store may be a folder or an object store, and another
one when the backup is restored: files are told by their keys.
"""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import orjson
from django.conf import settings
from django.db import connections

from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.core.rows import attach, differences, rows_copy, rows_digest

DATABASE, FILES, MANIFEST, SECRET = "database.sqlite3", "files", "manifest.json", "secret_key"
COPY = "backup"
AT_ONCE, LOT = 8, 1000  # files: boto3 keeps ten connections
A = TypeVar("A")
B = TypeVar("B")


def backup_write(folder: Path) -> dict[str, Any]:
    """Rows first: a file that comes meanwhile is one too many, never one too few. The manifest last: where it lies, the backup is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    rows = _rows_out(folder / DATABASE)
    sizes = _each(lambda file: _kept(folder / FILES / file[0], *file), storage.stored())
    secret = Path(settings.HOME_FOLDER) / SECRET
    if secret.exists():
        shutil.copy2(secret, folder / SECRET)  # keeps its mode: readable by its owner alone
    manifest = {"rows": rows, "files": len(sizes), "bytes": sum(sizes)}
    (folder / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
    return manifest


def restore(folder: Path, *, replace: bool = False) -> dict[str, Any]:
    """Rows and files of a backup into this home, and the check of both.

    Raises: DomainError `no_backup`, `not_empty` (there are people in this home already), `restore_differs`.
    """
    if not (folder / MANIFEST).exists():
        raise DomainError("no_backup", f"{folder} holds no whole backup: its {MANIFEST} is missing.")
    manifest = orjson.loads((folder / MANIFEST).read_bytes())
    if not replace and _has_people():
        raise DomainError("not_empty", "This home has people already; --replace drops all of its rows.")
    _rows_in(folder / DATABASE)
    files = folder / FILES
    _each(lambda path: _stored(path, path.relative_to(files).as_posix()), _files(files))
    if (folder / SECRET).exists() and not settings.SECRET_IS_GIVEN:
        shutil.copy2(folder / SECRET, Path(settings.HOME_FOLDER) / SECRET)
    if wrong := _wrong(manifest):
        raise DomainError("restore_differs", "Not what was backed up: " + "; ".join(wrong[:10]))
    return {"rows": sum(table["rows"] for table in manifest["rows"].values()), "files": manifest["files"]}


def _wrong(manifest: dict[str, Any]) -> list[str]:
    """Every row by digest, every file by its name, which is its content's hash."""
    files = list(storage.stored())
    digests = _each(lambda file: _digest(*file), files)
    damaged = [key for (key, _), digest in zip(files, digests, strict=True) if digest != _named(key)]
    wrong = differences(manifest["rows"], rows_digest("default"))
    if len(files) < manifest["files"]:
        wrong.append(f"{manifest['files'] - len(files)} files are missing")
    return [*wrong, *(f"{key} is damaged" for key in damaged)]


def _each(do: Callable[[A], B], items: Iterable[A]) -> list[B]:
    """What came of each, in their order; the first error in that order ends it, and what waits then never begins.

    Several at once, as an object store takes its time for each answer, however small the file; in lots, as a store may hold millions.
    """
    rest, found = iter(items), list[B]()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while lot := list(islice(rest, LOT)):
            found += pool.map(do, lot)
    return found


def _rows_out(path: Path) -> dict[str, Any]:
    """SQLite copies itself while it is written to; of another engine the rows are copied one by one."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    own = connections["default"]
    if own.vendor == "sqlite":
        own.ensure_connection()
        with closing(sqlite3.connect(fresh)) as target:
            own.connection.backup(target)
        attach(COPY, {"ENGINE": "django.db.backends.sqlite3", "NAME": fresh})
        rows = rows_digest(COPY)
    else:
        attach(COPY, {"ENGINE": "django.db.backends.sqlite3", "NAME": fresh})
        rows = rows_copy("default", COPY)
    connections[COPY].close()
    os.replace(fresh, path)
    return rows


def _rows_in(path: Path) -> None:
    """Into an embedded database as it is, page by page; into another engine row by row."""
    own = connections["default"]
    if own.vendor != "sqlite":
        attach(COPY, {"ENGINE": "django.db.backends.sqlite3", "NAME": path})
        rows_copy(COPY, "default")
        return
    own.close()
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(own.settings_dict["NAME"])) as target:
        source.backup(target)


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))


def _kept(there: Path, key: str, size: int) -> int:
    """Its size. A copy and not a link: a backup that shares its bytes with the original shares their damage."""
    if there.exists() and there.stat().st_size == size:
        return size
    there.parent.mkdir(parents=True, exist_ok=True)
    fresh = there.with_name(f".{there.name}.part")
    with fresh.open("wb") as target:
        target.writelines(storage.part(key, 0, size))
    os.replace(fresh, there)
    return size


def _stored(path: Path, key: str) -> None:
    """A file of another size under this key was cut off on its way here: it makes room."""
    if storage.size_of(key) not in (None, path.stat().st_size):
        storage.remove(key)
    storage.put_file(path, path.name.removeprefix(_named(key)), sha256=_named(key))


def _named(key: str) -> str:
    """The digest that a key names."""
    return PurePosixPath(key).name.split(".")[0]


def _digest(key: str, size: int) -> str:
    digest = hashlib.sha256()
    for block in storage.part(key, 0, size):
        digest.update(block)
    return digest.hexdigest()


def _has_people() -> bool:
    from webapp.accounts.models import User  # the tables may not be there yet

    own = connections["default"]
    return User._meta.db_table in own.introspection.table_names() and User.objects.exists()
