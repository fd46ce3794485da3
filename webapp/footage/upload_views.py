"""The HTTP face of resumable uploads: tus 1.0 with creation, checksum, termination and expiration."""

import base64
from email.utils import format_datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from ml.data.limits import DEFAULT_LIMITS
from webapp.accounts.rights import FOOTAGE_WRITE
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.footage import uploads
from webapp.footage.models import Upload
from webapp.footage.selectors import drives_of

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"


def _header(name: str, description: str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=description)


TUS = _header("Tus-Resumable", VERSION)
LENGTH = _header("Upload-Length", "Size of the whole file in bytes.")
METADATA = _header(
    "Upload-Metadata",
    "`filename`, `drive` (id) and optionally `sha256` and `purpose` (`labels` for a file of labels), each in base64.",
)
OFFSET = _header("Upload-Offset", "Where the chunk begins; must be where the upload stands.")
CHECKSUM = _header("Upload-Checksum", "`sha256 <base64>` or `sha1 <base64>` of the chunk.", required=False)


class ChunkParser(BaseParser):
    """Leaves the body where it is: the view streams it to disk."""

    media_type = CHUNK_TYPE

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        return stream


class TusView(WorkspaceView):
    rights = {"*": FOOTAGE_WRITE}
    parser_classes = [ChunkParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise DomainError("tus_version", f"Send 'Tus-Resumable: {VERSION}'.", status=412)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    def upload(self, pk: Any) -> Upload:
        mine = Upload.objects.filter(drive__workspace=self.workspace).select_related("drive", "created_by")
        return get_object_or_404(mine, pk=pk)


class UploadCreate(TusView):
    @extend_schema(exclude=True)
    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,checksum,termination,expiration",
            "Tus-Max-Size": str(DEFAULT_LIMITS.max_file_bytes),
            "Tus-Checksum-Algorithm": ",".join(uploads.CHECKSUMS),
        }
        return Response(status=204, headers=headers)

    @extend_schema(request=None, responses={201: None}, parameters=[TUS, LENGTH, METADATA])
    def post(self, request: Request) -> Response:
        """Open an upload: `Upload-Length`, and `Upload-Metadata` with `filename`, `drive` and optionally `sha256`."""
        metadata = _metadata(request.headers.get("Upload-Metadata", ""))
        drive = drives_of(self.workspace).filter(id=_whole(metadata.get("drive", ""), "drive")).first()
        if drive is None:
            raise DomainError("unknown_drive", "There is no such drive here.", fields={"drive": "Unknown drive."})
        upload = uploads.upload_create(
            drive=drive,
            filename=metadata.get("filename", "").replace("\\", "/").rsplit("/", 1)[-1],
            size=_whole(request.headers.get("Upload-Length", ""), "Upload-Length"),
            sha256=metadata.get("sha256", "").lower(),
            created_by=self.user,
            purpose=metadata.get("purpose") or Upload.Purpose.FOOTAGE,
        )
        # A path, not an address: behind a proxy the client knows better what host it speaks to.
        return Response(status=201, headers={"Location": reverse("upload", args=[upload.id]), **_expiry(upload)})


class UploadDetail(TusView):
    @extend_schema(request=None, responses={200: None}, parameters=[TUS])
    def head(self, request: Request, pk: Any) -> HttpResponse:
        upload = self.upload(pk)
        if upload.state in (Upload.State.TERMINATED, Upload.State.EXPIRED):
            raise DomainError("upload_gone", "This upload has ended.", status=410)
        headers = {"Upload-Offset": str(uploads.offset_of(upload)), "Upload-Length": str(upload.size), **_clip(upload)}
        return HttpResponse(headers=headers)

    @extend_schema(request={CHUNK_TYPE: bytes}, responses={204: None}, parameters=[TUS, OFFSET, CHECKSUM])
    def patch(self, request: Request, pk: Any) -> Response:
        """Append a chunk at `Upload-Offset`."""
        if request.content_type != CHUNK_TYPE:
            raise UnsupportedMediaType(request.content_type or "", f"Send chunks as {CHUNK_TYPE}.")
        length = request.headers.get("Content-Length")
        upload = uploads.upload_append(
            self.upload(pk),
            offset=_whole(request.headers.get("Upload-Offset", ""), "Upload-Offset"),
            body=request._request,  # type: ignore[arg-type]  # Django's request reads like a file
            length=int(length) if length else None,
            checksum=request.headers.get("Upload-Checksum", ""),
        )
        return Response(status=204, headers={"Upload-Offset": str(upload.offset), **_expiry(upload), **_clip(upload)})

    @extend_schema(request=None, responses={204: None}, parameters=[TUS])
    def delete(self, request: Request, pk: Any) -> Response:
        """End an unfinished upload and remove its bytes."""
        uploads.upload_terminate(self.upload(pk))
        return Response(status=204)


def _clip(upload: Upload) -> dict[str, str]:
    clip = uploads.clip_of(upload)
    return {"Headway-Clip": str(clip.id)} if clip else {}


def _expiry(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def _metadata(header: str) -> dict[str, str]:
    pairs = (item.strip().partition(" ") for item in header.split(",") if item.strip())
    try:
        return {key: base64.b64decode(value, validate=True).decode() for key, _, value in pairs}
    except ValueError:
        raise DomainError("bad_metadata", "Upload-Metadata must be 'key base64, key base64'.") from None


def _whole(text: str, what: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise DomainError("invalid", f"{what} must be a whole number.", fields={what: "A whole number, please."})
    return int(text)
