"""XML labels, safely: no entities, no DTD, one record in memory at a time."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ml.errors import BadAnnotations

FLAG = {"1": True, "true": True, "0": False, "false": False}


def iter_elements(path: Path, *tags: str) -> Iterator[Element]:
    """The elements of these names, whole, as they end; what was yielded is thrown away.

    Raises:
        BadAnnotations: no XML, cut short, or with entities; the message says after which record.
    """
    count, last = 0, ""
    parents: list[Element] = []
    try:
        for event, element in iterparse(path, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            if element.tag in tags and not any(parent.tag in tags for parent in parents):
                count, last = count + 1, element.get("name") or element.get("id") or ""
                yield element
                for parent in parents[-1:]:
                    parent.remove(element)
    except ParseError as error:
        raise BadAnnotations(
            f"{path.name} is no XML after {count} records{f', the last {last!r}' if last else ''}: {error}."
        ) from error
    except DefusedXmlException as error:
        raise BadAnnotations(f"{path.name} declares entities or a DTD, which label files have no use for.") from error


def root_of(path: Path) -> str:
    """The name of the outermost element; empty where the file is no XML."""
    try:
        for _, element in iterparse(path, events=("start",), forbid_dtd=True):
            return str(element.tag)
    except (ParseError, DefusedXmlException):
        pass
    return ""


def text_of(element: Element, tag: str, default: str = "") -> str:
    return (element.findtext(tag) or default).strip()


def flag(value: str | None) -> bool:
    return FLAG.get((value or "0").strip().lower(), False)


def number(value: Any, kind: Callable[[float], Any] = float) -> Any:
    """The number in a text; None where there is none, or it is not finite."""
    try:
        found = float(value)
        return kind(found) if math.isfinite(found) else None
    except (TypeError, ValueError):
        return None
