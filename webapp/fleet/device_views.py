"""REST of the devices: each speaks for itself alone."""

from math import ceil
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.core import storage
from webapp.core.errors import DomainError
from webapp.fleet import commands, services, sightings, uplinks
from webapp.fleet.authentication import DeviceView
from webapp.fleet.device_serializers import (
    AckSerializer,
    AlarmInSerializer,
    CommandsOutSerializer,
    HeardSerializer,
    HeartbeatSerializer,
    KnownSerializer,
    SightingInSerializer,
    UplinkInSerializer,
    UplinkStandsSerializer,
)
from webapp.fleet.models import Command, Release, Uplink
from webapp.footage.upload_views import CHUNK_TYPE, ChunkParser

LONGEST_WAIT_S = 25


class Beat(DeviceView):
    @extend_schema(request=HeartbeatSerializer, responses=HeardSerializer)
    def post(self, request: Request) -> Response:
        """What the device says of itself, every half minute."""
        said = HeartbeatSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        services.heartbeat_record(self.device, said.validated_data)
        return Response({"server_ms": _now_ms()})


class Alarms(DeviceView):
    @extend_schema(request=AlarmInSerializer, responses={200: KnownSerializer, 201: KnownSerializer})
    def post(self, request: Request) -> Response:
        """An alarm that sounded. 200 when it was known."""
        said = AlarmInSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        values = dict(said.validated_data)
        at = services.our_time(values.pop("at_ms"), values.pop("sent_at_ms"))
        key = values.pop("key")
        _, new = services.alarm_record(self.device, key, at=at, **values)
        return Response({"key": key}, status=201 if new else 200)


class Uplinks(DeviceView):
    @extend_schema(request=UplinkInSerializer, responses={200: UplinkStandsSerializer, 201: UplinkStandsSerializer})
    def post(self, request: Request) -> Response:
        """Begin a frame, or ask where it stands: its bytes follow from `offset` on."""
        said = UplinkInSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        values = dict(said.validated_data)
        at = services.our_time(values.pop("at_ms"), values.pop("sent_at_ms"))
        body = {name: values.pop(name) for name in ("doubt", "sentences", "scene", "boxes", "speed_kmh")}
        uplink = uplinks.uplink_begin(self.device, key := values.pop("key"), at=at, body=body, **values)
        return Response(_stands(key, uplink), status=201 if uplink.offset == 0 else 200)


class UplinkPart(DeviceView):
    parser_classes = [ChunkParser]

    @extend_schema(
        request={CHUNK_TYPE: bytes},
        responses=UplinkStandsSerializer,
        parameters=[OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)],
    )
    def patch(self, request: Request, key: str) -> Response:
        """The next part. 409 tells in `offset` where to go on."""
        offset = request.headers.get("Upload-Offset", "")
        if not offset.isdecimal() or len(offset) > 12:
            raise DomainError(
                "invalid", "Upload-Offset must be a whole number.", fields={"Upload-Offset": "A whole number."}
            )
        uplink = uplinks.uplink_append(self.device, key, offset=int(offset), body=request._request)  # type: ignore[arg-type]  # reads like a file
        return Response(_stands(key, uplink))


class Sightings(DeviceView):
    @extend_schema(request=SightingInSerializer, responses={200: KnownSerializer, 201: KnownSerializer})
    def post(self, request: Request) -> Response:
        """What it saw in frames that it kept. 200 when it was known."""
        said = SightingInSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        values = dict(said.validated_data)
        key, sent_at_ms, _ = values.pop("key"), values.pop("sent_at_ms"), values.pop("at_ms")
        new = sightings.sighting_record(self.device, key, sent_at_ms=sent_at_ms, **values)
        return Response({"key": key}, status=201 if new else 200)


class Commands(DeviceView):
    @extend_schema(
        responses=CommandsOutSerializer, parameters=[OpenApiParameter("wait", int, description="Seconds, 25 at most.")]
    )
    def get(self, request: Request) -> Response:
        """What to do now. Waits up to `wait` seconds for something to come; answers empty when there is none.

        `again_s` (and Retry-After) above 0: too many wait already, come again then.
        """
        wait = request.query_params.get("wait", "0")
        wait_s = min(int(wait), LONGEST_WAIT_S) if wait.isdecimal() and len(wait) < 6 else 0
        due, again_s = commands.commands_due(self.device, wait_s=wait_s)
        body = {"results": [_order(command) for command in due], "server_ms": _now_ms(), "again_s": again_s}
        return Response(body, headers={"Retry-After": str(ceil(again_s))} if again_s else None)


class CommandAck(DeviceView):
    @extend_schema(request=AckSerializer, responses=KnownSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        """How an order stands, or ended. Said again it changes nothing."""
        said = AckSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        commands.command_ack(self.device, pk, **said.validated_data)
        return Response({"key": str(pk)})


class ReleaseFile(DeviceView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The bytes of a release that this device was told to install."""
        told = Command.objects.filter(device=self.device, kind=Command.Kind.INSTALL_RELEASE, args__release=pk)
        if not told.exists():
            raise DomainError("not_ordered", "This device was not told to install that.", status=404)
        release = get_object_or_404(Release, pk=pk, workspace=self.device.workspace)
        try:
            content = storage.open_key(release.key)
        except FileNotFoundError:
            why = "The file of this release was taken away with footage that was in it."
            raise DomainError("release_gone", why, status=410) from None
        return FileResponse(content, content_type="application/octet-stream")


def _stands(key: str, uplink: Uplink) -> dict[str, Any]:
    return {"key": key, "state": uplink.state, "offset": uplink.offset}


def _order(command: Command) -> dict[str, Any]:
    expires_ms = command.expires_at.timestamp() * 1000
    args = commands.args_by_clock_of(command)
    return {"id": str(command.id), "kind": command.kind, "args": args, "expires_ms": expires_ms}


def _now_ms() -> float:
    return timezone.now().timestamp() * 1000
