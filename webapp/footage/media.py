"""Stills over HTTP: cached for ever by content, ranged, never read into memory."""

import re
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.core.etags import has_already
from webapp.core.handed_over import handed_over

CACHE = "private, max-age=31536000, immutable"


def still_response(request: HttpRequest, key: str) -> HttpResponseBase:
    """The JPEG of a key, whole or the asked range. The key is the content's hash, so it is the ETag too."""
    etag = f'"{key.rsplit("/", 1)[-1]}"'
    if has_already(request, etag):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _sent(key, request.headers.get("Range", ""))
    response["ETag"] = etag
    response["Cache-Control"] = CACHE
    return response


def _sent(key: str, asked: str) -> HttpResponseBase:
    """By nginx where there is one, else from here."""
    try:
        if (response := handed_over(key, "image/jpeg")) is not None:
            return response
        file = storage.open_key(key)
    except FileNotFoundError:
        raise DomainError(
            "file_missing", "The picture is gone from the store. Ingest its clip again.", status=404
        ) from None
    size = file.seek(0, 2)
    file.seek(0)
    return _ranged(file, size, asked)


def _ranged(file: BinaryIO, size: int, header: str) -> HttpResponseBase:
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", header)
    if not asked or asked.groups() == ("", ""):
        response = FileResponse(file, content_type="image/jpeg")
        response["Accept-Ranges"] = "bytes"
        return response
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(start)
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Accept-Ranges": "bytes"}
    return HttpResponse(file.read(end - start + 1), status=206, content_type="image/jpeg", headers=headers)
