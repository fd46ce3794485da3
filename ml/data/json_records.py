"""JSON files of any size as records: lists are read block by block, so that a file of gigabytes costs a few megabytes.

A block is cut at the last `}` after which it parses as a list by itself. JSON is read from left to right, so a prefix that parses as whole values
ends between two records of the full file too, whatever stands in its strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from ml.errors import BadAnnotations

BLOCK = 2**20
MAX_RECORD = 64 * 2**20
SPACE = b" \t\r\n"
END = re.compile(rb"[ \t\r\n]*([,\]])")
DECODER = json.JSONDecoder()

Records = tuple[str, int, list[Any]]  # the list's key, the position of the first record in it, the records


def iter_records(path: Path) -> Iterator[Records]:
    """The lists of a JSON object by their keys, or a list at the top under the key "", in pieces. Other values come as a list of themselves alone.

    Raises:
        BadAnnotations: no JSON, or cut short; the message names the record where it breaks.
    """
    with path.open("rb") as file:
        yield from _Reader(file, path.name).document()


def write_list(path: Path, records: Iterable[Any]) -> None:
    """A JSON list, one record a line, however many there are."""
    with path.open("wb") as file:
        file.write(b"[")
        for number, record in enumerate(records):
            file.write((b",\n" if number else b"\n") + orjson.dumps(record))
        file.write(b"\n]\n")


class _Reader:
    """A window of the file: `buffer[at:]` is what was read and not yet used."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.file, self.name = file, name
        self.buffer, self.at, self.ended = b"", 0, False
        if file.read(3) != b"\xef\xbb\xbf":  # a byte order mark, as some editors leave
            file.seek(0)

    def document(self) -> Iterator[Records]:
        first = self._peek()
        if first == b"[":
            yield from self._list("")
        elif first == b"{":
            yield from self._object()
        else:
            raise BadAnnotations(f"{self.name} holds no JSON object or list.")
        if self._peek():
            raise BadAnnotations(f"{self.name}: something follows after the end of the JSON.")

    def _object(self) -> Iterator[Records]:
        self.at += 1
        seen: set[str] = set()
        while self._peek() != b"}":
            key = self._value(f"after {', '.join(seen) or 'the beginning'}")
            if not isinstance(key, str) or self._peek() != b":":
                raise self._broken("a key is expected")
            if key in seen:
                raise BadAnnotations(f"{self.name} holds '{key}' twice.")
            seen.add(key)
            self.at += 1
            if self._peek() == b"[":
                yield from self._list(key)
            else:
                yield key, 0, [self._value(f"in {key}")]
            if self._peek() == b",":
                self.at += 1
            elif self._peek() != b"}":
                raise self._broken(f"'{key}' is not followed by , or }}")
        self.at += 1

    def _list(self, key: str) -> Iterator[Records]:
        """In pieces; an empty list is one empty piece, so that it is known to be there."""
        self.at += 1
        position = 0
        if self._peek() == b"]":
            self.at += 1
            yield key, 0, []
            return
        more = True
        while more:
            records, more = self._piece(key, position)
            yield key, position, records
            position += len(records)

    def _piece(self, key: str, position: int) -> tuple[list[Any], bool]:
        """The next whole records of a list, and whether more follow."""
        self._fill(BLOCK)
        end = len(self.buffer)
        while (end := self.buffer.rfind(b"}", self.at, end)) >= 0:
            after = END.match(self.buffer, end + 1)
            if after is None:
                continue
            try:
                records = orjson.loads(b"[" + self.buffer[self.at : end + 1] + b"]")
            except orjson.JSONDecodeError as error:
                end = min(end, self.at + error.pos)  # what stands after the error is no way out
                continue
            self.at = after.end()
            return records, after[1] == b","
        return self._one(key, position)

    def _one(self, key: str, position: int) -> tuple[list[Any], bool]:
        """One record by the tolerant parser: a number, a list, a record longer than a block, or one with NaN in it."""
        value = self._value(f"in {key or 'the list'}, record {position}")
        mark = self._peek()
        if mark not in (b",", b"]"):
            raise self._broken(f"in {key or 'the list'}, after record {position}")
        self.at += 1
        return [value], mark == b","

    def _value(self, where: str) -> Any:
        """One value of any kind. Grows the window until it is whole."""
        self._peek()
        wanted = 2**16
        while True:
            self._fill(wanted)
            window = self.buffer[self.at : self.at + wanted]
            text = window.decode("utf-8", "surrogateescape")  # the window may end within a letter
            try:
                value, length = DECODER.raw_decode(text)
            except (json.JSONDecodeError, RecursionError) as error:
                whole = self.ended and wanted >= len(self.buffer) - self.at
                if whole or wanted > MAX_RECORD:
                    raise self._broken(where, str(error)) from error
            else:
                if length < len(text) or (self.ended and wanted >= len(self.buffer) - self.at):
                    self.at += len(self._utf8(text[:length], where))
                    return value
            wanted *= 4

    def _utf8(self, text: str, where: str) -> bytes:
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            raise self._broken(where, "it is not UTF-8") from error

    def _peek(self) -> bytes:
        """The next byte that is no space, unused; empty at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in SPACE:
                self.at += 1
            if self.at < len(self.buffer):
                return self.buffer[self.at : self.at + 1]
            if self.ended:
                return b""
            self._fill(BLOCK)

    def _fill(self, wanted: int) -> None:
        missing = wanted - (len(self.buffer) - self.at)
        if missing > 0 and not self.ended:
            read = self.file.read(max(missing, BLOCK))
            self.ended = len(read) < max(missing, BLOCK)
            self.buffer, self.at = self.buffer[self.at :] + read, 0

    def _broken(self, where: str, why: str = "") -> BadAnnotations:
        if self.ended and not self.buffer[self.at :].strip():
            return BadAnnotations(f"{self.name} ends early, {where}.", hint="Copy the file again; the copy is cut.")
        return BadAnnotations(f"{self.name} is no JSON, {where}{f': {why}' if why else ''}.")
