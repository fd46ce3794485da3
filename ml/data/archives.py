"""Zip archives of stills, unpacked one member at a time. A bad member gets an error of its own; the good ones still come in.

No path is made from a still's name: the bytes go to numbered files in a temporary folder, and the name is for display.
Whether a member's picture is whole is for `open_still` to say. `unpack_zip` takes an archive whole, under its own names, or not at all; `pack_folder` makes one.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ml.data.limits import DEFAULT_LIMITS, MIB, MediaLimits
from ml.data.sniff import sniff_bytes
from ml.errors import BadMedia

BLOCK = 256 * 1024
RATIO_COUNTS_FROM = MIB  # small members may be as repetitive as they like
UTF8_NAME, ENCRYPTED = 0x800, 0x1
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: the same folder gives the same bytes


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A still of the archive. The file at `path` lives until the iterator goes on."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class ArchiveError:
    """A member that was left out, and why."""

    name: str
    error: BadMedia


def iter_zip_members(path: Path, limits: MediaLimits = DEFAULT_LIMITS) -> Iterator[ArchiveMember | ArchiveError]:
    """The files of a zip in its own order; folders are passed over.

    Member errors: `unsafe_name`, `symlink`, `encrypted`, `system_file`, `empty_file`, `not_media`, `unsupported_format`,
    `nested_archive`, `expansion_bomb`, `too_large`, `corrupt`.

    Raises:
        BadMedia: nothing can be read at all: `bad_archive`, `too_many_members`.
    """
    with _opened(path, limits) as archive, TemporaryDirectory(prefix="headway-zip-") as folder:
        budget = _Budget(limits)
        for number, member in enumerate(archive.infolist()):
            if member.is_dir():
                continue
            name, target = display_name(member), Path(folder) / str(number)
            try:
                _refuse_member(member, name, limits)
                _unpack(archive, member, target, budget)
                _refuse_unless_image(target)
            except BadMedia as error:
                yield ArchiveError(name, error)
            else:
                yield ArchiveMember(name, target)
            target.unlink(missing_ok=True)


def unpack_zip(
    path: Path, folder: Path, limits: MediaLimits = DEFAULT_LIMITS, *, passed_over: frozenset[str] = frozenset()
) -> None:
    """Every file of a zip under its own name inside `folder`, which the caller throws away when this fails. Members whose error is
    `passed_over`, by its code, are left out.

    Raises:
        BadMedia: as the member errors of `iter_zip_members`, for the first bad member, whatever its content is.
    """
    with _opened(path, limits) as archive:
        budget = _Budget(limits)
        for member in archive.infolist():
            name = display_name(member)
            try:
                _refuse_member(member, name, limits)
            except BadMedia as error:
                if error.code in passed_over:
                    continue
                raise BadMedia(f"{name}: {error.detail}", code=error.code, hint=error.hint) from error
            target = folder / name
            if member.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            _unpack(archive, member, target, budget)


def pack_folder(folder: Path, archive: Path, texts: Mapping[str, str] = {}) -> Path:
    """`archive` as a zip of the folder's files, after some texts by name. The bytes depend on these alone; weights do not shrink, so nothing is squeezed."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for name, text in texts.items():
            file.writestr(zipfile.ZipInfo(name, EPOCH), text)
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            with path.open("rb") as source, file.open(member, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 2**20)
    return archive


def display_name(member: zipfile.ZipInfo) -> str:
    """The member's name for people, in its own script: many packers write UTF-8 and forget the flag that says so."""
    if member.flag_bits & UTF8_NAME:
        return member.orig_filename
    try:
        return member.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.orig_filename


class _Budget:
    """The bytes that the whole archive may still expand to, spent by good and bad members alike."""

    def __init__(self, limits: MediaLimits) -> None:
        self.limits = limits
        self.left = limits.max_archive_bytes

    def spend(self, block: bytes, written: int, packed: int) -> None:
        """Raises BadMedia when this block takes the member or the archive past a limit."""
        self.left -= len(block)
        if self.left < 0:
            raise BadMedia(
                f"The archive expands to more than {self.limits.max_archive_bytes:,} bytes.",
                code="too_large",
                hint="Split it into smaller archives.",
            )
        if written > self.limits.max_still_bytes:
            raise BadMedia(f"The file expands to more than {self.limits.max_still_bytes:,} bytes.", code="too_large")
        if written > RATIO_COUNTS_FROM and written > self.limits.max_ratio * packed:
            raise BadMedia(
                f"The file expands more than {self.limits.max_ratio:g} times ({packed:,} bytes packed): no photo does.",
                code="expansion_bomb",
            )


def _opened(path: Path, limits: MediaLimits) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise BadMedia(
            f"The zip has no readable table of contents ({error}).",
            code="bad_archive",
            hint="Pack it again, or copy it again: the end of the file is missing or damaged.",
        ) from error
    if len(archive.infolist()) > limits.max_archive_members:
        archive.close()
        raise BadMedia(
            f"The zip lists {len(archive.infolist()):,} files; the limit is {limits.max_archive_members:,}.",
            code="too_many_members",
            hint="Split it into smaller archives.",
        )
    return archive


def _refuse_member(member: zipfile.ZipInfo, name: str, limits: MediaLimits) -> None:
    if _is_unsafe(name):
        raise BadMedia("The name points outside its folder.", code="unsafe_name", hint="Pack it with relative names.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadMedia("The member is a symbolic link.", code="symlink", hint="Pack the file itself.")
    if member.flag_bits & ENCRYPTED:
        raise BadMedia("The member is encrypted.", code="encrypted", hint="Pack it without a password.")
    if "__MACOSX" in PurePosixPath(name).parts or PurePosixPath(name).name in (".DS_Store", "Thumbs.db"):
        raise BadMedia("A file of the operating system, not a picture.", code="system_file")
    if member.file_size > limits.max_still_bytes and member.file_size <= limits.max_ratio * member.compress_size:
        raise BadMedia(
            f"The file has {member.file_size:,} bytes; the limit is {limits.max_still_bytes:,}.", code="too_large"
        )


def _is_unsafe(name: str) -> bool:
    slashed = name.replace("\\", "/")
    return slashed.startswith("/") or ".." in slashed.split("/") or slashed[1:2] == ":" or "\x00" in name


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, budget: _Budget) -> None:
    """Write the member's bytes; what the headers say about sizes is not believed."""
    written = 0
    try:
        with archive.open(member) as source, target.open("wb") as out:
            while block := source.read(BLOCK):
                written += len(block)
                budget.spend(block, written, member.compress_size)
                out.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise BadMedia(
            f"The member cannot be unpacked ({error or type(error).__name__}).", code="corrupt", hint="Pack it again."
        ) from error


def _refuse_unless_image(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(32)
    if not head:
        raise BadMedia("The file is empty (0 bytes).", code="empty_file")
    media = sniff_bytes(head)
    if media.kind == "archive":
        raise BadMedia("An archive within the archive.", code="nested_archive", hint="Upload it by itself.")
    if media.kind != "image":
        raise BadMedia("A video within a zip of images.", code="unsupported_format", hint="Upload it by itself.")
