"""A file by HTTP that survives cuts: the part that came is kept with its ETag, and Range with If-Range asks for the rest."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import requests

from headway.errors import WrongDigest, raise_for

BLOCK = 2**18
LONGEST_WAIT_S = 30.0


def download(session: requests.Session, url: str, target: Path, *, tries: int = 8, timeout_s: float = 60.0) -> Path:
    """`url` as `target`, which has its name only once it is whole.

    Raises:
        HeadwayError: the server refused. WrongDigest: the bytes are not the server's. requests.RequestException: cut more than `tries` times.
    """
    part, tag = target.with_name(target.name + ".part"), target.with_name(target.name + ".part.etag")
    for attempt in range(1, tries + 1):
        try:
            if _transfer(session, url, part, tag, timeout_s):
                break
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
            if attempt == tries:
                raise
            time.sleep(min(LONGEST_WAIT_S, 0.25 * 2**attempt))
    else:
        raise requests.Timeout(f"{url} was not ready after {tries} tries")
    _check(session, url, part, tag, timeout_s)
    os.replace(part, target)
    tag.unlink()
    return target


def _transfer(session: requests.Session, url: str, part: Path, tag: Path, timeout_s: float) -> bool:
    """Whether everything came. False asks for another try, after the wait that the server named."""
    begun = part.stat().st_size if part.exists() and tag.exists() else 0
    headers = {"Accept-Encoding": "identity"}  # ranges are of the plain bytes
    if begun:
        headers |= {"Range": f"bytes={begun}-", "If-Range": tag.read_text()}
    with session.get(url, headers=headers, stream=True, timeout=timeout_s) as response:
        if response.status_code == 503 and "Retry-After" in response.headers:
            time.sleep(min(LONGEST_WAIT_S, float(response.headers["Retry-After"])))
            return False
        if response.status_code == 416:  # everything had come but the last word
            return response.headers.get("Content-Range") == f"bytes */{begun}"
        raise_for(response)
        tag.write_text(response.headers["ETag"])
        with part.open("ab" if response.status_code == 206 else "wb") as file:
            for block in response.iter_content(BLOCK):
                file.write(block)
    return True


def _check(session: requests.Session, url: str, part: Path, tag: Path, timeout_s: float) -> None:
    """Against the sha256 that the server states, once it keeps the file: it streamed a first download before it knew."""
    with session.get(
        url, headers={"Range": "bytes=0-0", "If-Range": tag.read_text()}, stream=True, timeout=timeout_s
    ) as head:
        stated = head.headers.get("X-Content-SHA256")
        same = head.headers.get("ETag", tag.read_text()) == tag.read_text()
    if same and (stated is None or stated == _sha256(part)):
        return
    part.unlink()
    tag.unlink()
    raise WrongDigest(head.status_code, "wrong_digest", "The bytes that came are not the server's. Download it again.")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
