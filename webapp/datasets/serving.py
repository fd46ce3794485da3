"""The COCO file over HTTP: ETag and If-None-Match, Range and If-Range, gzip and zstd."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse

from webapp.core import storage
from webapp.core.etags import has_already
from webapp.core.exception_handler import problem
from webapp.datasets import exports
from webapp.datasets.encodings import chosen_coding, encoded
from webapp.datasets.models import DatasetVersion, ExportFile

JSON = "application/json"
RETRY_AFTER_S = 5
BEING_BUILT = (
    "The file is being built, as a part of it can be sent only then. Ask again, or ask for the whole file now."
)


def coco_response(request: HttpRequest, version: DatasetVersion, split: str | None) -> HttpResponseBase:
    """The file, or the asked range of it. Ranges are of the plain bytes: a client that resumes names no coding."""
    whole = exports.etag_of(version, split)
    asked = _range(request, whole)
    coding = None if asked else chosen_coding(request.headers.get("Accept-Encoding", ""))
    etag = exports.etag_of(version, split, coding)
    response = (
        HttpResponseNotModified()
        if has_already(request, etag)
        else _partial(version, split, asked)
        if asked
        else _complete(version, split, coding)
    )
    response["Vary"] = "Accept-Encoding"
    if response.status_code < 400:
        response["ETag"] = etag
    return response


def _complete(version: DatasetVersion, split: str | None, coding: str | None) -> HttpResponseBase:
    file = exports.export_file(version, split)
    pieces = storage.part(file.key, 0, file.size) if file else exports.export_stream(version, split)
    response = StreamingHttpResponse(encoded(pieces, coding) if coding else pieces, content_type=JSON)
    if coding:
        response["Content-Encoding"] = coding
    elif file:
        response["Content-Length"] = str(file.size)
    if file:
        response["X-Content-SHA256"] = file.sha256
    response["Accept-Ranges"] = "bytes"
    return response


def _partial(version: DatasetVersion, split: str | None, asked: tuple[str, str]) -> HttpResponseBase:
    file = exports.export_file(version, split)
    if file is None:
        exports.export_request(version, split)
        waiting = problem(503, "being_built", BEING_BUILT)
        waiting["Retry-After"] = str(RETRY_AFTER_S)
        return waiting
    start, end = _bounds(asked, file)
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    pieces = storage.part(file.key, start, end - start + 1)
    response = StreamingHttpResponse(pieces, status=206, content_type=JSON)
    response["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    response["Content-Length"] = str(end - start + 1)
    response["X-Content-SHA256"] = file.sha256
    response["Accept-Ranges"] = "bytes"
    return response


def _range(request: HttpRequest, etag: str) -> tuple[str, str] | None:
    """The one range that is asked for; None for the whole file, as for several ranges or another state of the file."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("Range", "").replace(" ", ""))
    if found is None or found.groups() == ("", "") or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    return None if first and last and int(last) < int(first) else (first, last)


def _bounds(asked: tuple[str, str], file: ExportFile) -> tuple[int, int]:
    first, last = asked
    if not first:
        return max(0, file.size - int(last)), file.size - 1 if int(last) else -1
    return int(first), min(int(last), file.size - 1) if last else file.size - 1
