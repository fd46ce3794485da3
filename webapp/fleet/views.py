"""REST of the fleet, for people."""

from datetime import timedelta
from typing import Any

import orjson
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import FLEET_WRITE, READ
from webapp.control.acts import recorded
from webapp.core import storage
from webapp.core.access import WorkspaceView
from webapp.core.errors import Conflict, DomainError
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.fleet import commands, rollouts, selectors, services, simulations, tokens
from webapp.fleet.filters import AlarmFilter, CommandFilter, SightingFilter, UplinkFilter
from webapp.fleet.models import Alarm, Command, Device, Release, Rollout, Sighting, TriggerCampaign, Uplink
from webapp.fleet.serializers import (
    AlarmSerializer,
    CameraSerializer,
    CampaignMoveSerializer,
    CampaignSerializer,
    CampaignWriteSerializer,
    CommandSerializer,
    CommandWriteSerializer,
    DeviceSerializer,
    DeviceTokenSerializer,
    DeviceWriteSerializer,
    FleetOrderSerializer,
    OrderedSerializer,
    ReleaseSerializer,
    ReleaseWriteSerializer,
    RevokedSerializer,
    RolloutSerializer,
    RolloutWriteSerializer,
    SightingDetailSerializer,
    SightingSerializer,
    SimulationWriteSerializer,
    UplinkSerializer,
)
from webapp.footage.media import still_response
from webapp.jobs.models import Job
from webapp.jobs.serializers import JobSerializer

LARGEST_RELEASE = 200_000_000


class Devices(WorkspaceListView[Device]):
    queryset = Device.objects.none()
    serializer_class = DeviceSerializer
    rights = {"GET": READ, "POST": FLEET_WRITE}
    ordering = "name"

    def get_queryset(self) -> QuerySet[Device]:
        return selectors.devices_of(self.workspace)

    @extend_schema(request=DeviceWriteSerializer, responses={201: DeviceTokenSerializer})
    def post(self, request: Request) -> Response:
        """Register a device. Its token is in this answer and never again."""
        wanted = DeviceWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        name = wanted.validated_data["name"]
        with recorded("device.registered", name, workspace=self.workspace, actor=self.user):
            device, token = services.device_register(workspace=self.workspace, **wanted.validated_data)
        return Response({"device": DeviceSerializer(device).data, "token": token}, status=201)


class DeviceDetail(WorkspaceDetailView[Device]):
    queryset = Device.objects.none()
    serializer_class = DeviceSerializer

    def get_queryset(self) -> QuerySet[Device]:
        return selectors.devices_of(self.workspace)


class _OfDevice(WorkspaceView):
    def device_of(self, pk: int) -> Device:
        return get_object_or_404(Device.objects.filter(workspace=self.workspace), pk=pk)


class TokenRotate(_OfDevice):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=None, responses={201: DeviceTokenSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """A new token; the earlier ones work for another day."""
        device = self.device_of(pk)
        with recorded("device_token.rotated", device, workspace=self.workspace, actor=self.user):
            token = tokens.token_rotate(device)
        return Response({"device": DeviceSerializer(device).data, "token": token}, status=201)


class TokensRevoke(_OfDevice):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=None, responses=RevokedSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """No token of this device works from now on."""
        device = self.device_of(pk)
        with recorded("device_token.revoked", device, workspace=self.workspace, actor=self.user):
            count = tokens.tokens_revoke(device)
        return Response({"revoked": count})


class DeviceCommands(_OfDevice):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=CommandWriteSerializer, responses={201: CommandSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Order a device to do something."""
        wanted = CommandWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        kind, args = wanted.validated_data["kind"], wanted.validated_data["args"]
        if kind == Command.Kind.INSTALL_RELEASE:
            args = rollouts.order_args(get_object_or_404(selectors.releases_of(self.workspace), pk=args["release"]))
        lives = timedelta(hours=wanted.validated_data["hours"])
        made = commands.command_issue(self.device_of(pk), kind, args, by=self.user, lives=lives)
        return Response(CommandSerializer(made).data, status=201)


class DeviceCamera(_OfDevice):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=CameraSerializer, responses=CommandSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """How its camera is built in: noted, and sent to the device as an order."""
        wanted = CameraSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = commands.camera_set(self.device_of(pk), wanted.validated_data, by=self.user)
        return Response(CommandSerializer(made).data)

    @extend_schema(responses=CommandSerializer)
    def delete(self, request: Request, pk: int) -> Response:
        """The usual camera again: 56 degrees across, level, at 1.4 m."""
        return Response(CommandSerializer(commands.camera_set(self.device_of(pk), {}, by=self.user)).data)


class FleetOrders(WorkspaceView):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=FleetOrderSerializer, responses={201: OrderedSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Thresholds or the uplink budget of every device."""
        wanted = FleetOrderSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        told = commands.command_all(self.workspace, by=self.user, **wanted.validated_data)
        return Response({"devices": told}, status=201)


class CommandList(WorkspaceListView[Command]):
    queryset = Command.objects.none()
    serializer_class = CommandSerializer
    filterset_class = CommandFilter
    ordering = "-issued_at"

    def get_queryset(self) -> QuerySet[Command]:
        return selectors.commands_of(self.workspace)


class CommandCancel(WorkspaceView):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=None, responses=CommandSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """Take back an order that no device has begun."""
        command = get_object_or_404(selectors.commands_of(self.workspace), pk=pk)
        return Response(CommandSerializer(commands.command_cancel(command)).data)


class AlarmList(WorkspaceListView[Alarm]):
    """The newest first, each with the frames around it."""

    queryset = Alarm.objects.none()
    serializer_class = AlarmSerializer
    filterset_class = AlarmFilter

    def get_queryset(self) -> QuerySet[Alarm]:
        return selectors.alarms_of(self.workspace)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        context = {"evidence": selectors.evidence_of([alarm.key for alarm in page])}
        return self.get_paginated_response(AlarmSerializer(page, many=True, context=context).data)


class UplinkList(WorkspaceListView[Uplink]):
    queryset = Uplink.objects.none()
    serializer_class = UplinkSerializer
    filterset_class = UplinkFilter

    def get_queryset(self) -> QuerySet[Uplink]:
        return selectors.uplinks_of(self.workspace)


class SightingList(WorkspaceListView[Sighting]):
    """What devices saw in frames that they kept, and how much was filled in from labelled neighbours."""

    queryset = Sighting.objects.none()
    serializer_class = SightingSerializer
    filterset_class = SightingFilter

    def get_queryset(self) -> QuerySet[Sighting]:
        return selectors.sightings_of(self.workspace).defer("filled", "states")


class SightingDetail(WorkspaceDetailView[Sighting]):
    """With every frame: the device's boxes, and the pseudo-labels with their origin and risk."""

    queryset = Sighting.objects.none()
    serializer_class = SightingDetailSerializer

    def get_queryset(self) -> QuerySet[Sighting]:
        return selectors.sightings_of(self.workspace)


class Campaigns(WorkspaceListView[TriggerCampaign]):
    queryset = TriggerCampaign.objects.none()
    serializer_class = CampaignSerializer
    rights = {"GET": READ, "POST": FLEET_WRITE}

    def get_queryset(self) -> QuerySet[TriggerCampaign]:
        return selectors.campaigns_of(self.workspace)

    @extend_schema(request=CampaignWriteSerializer, responses={201: CampaignSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask the fleet for something: "night, cyclist, score 0.3-0.6, at most 200 a day, until 2,000"."""
        wanted = CampaignWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = services.campaign_create(workspace=self.workspace, by=self.user, **wanted.validated_data)
        return Response(CampaignSerializer(made).data, status=201)


class CampaignMove(WorkspaceView):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=CampaignMoveSerializer, responses=CampaignSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Pause, go on, or end for good."""
        campaign = get_object_or_404(TriggerCampaign.objects.filter(workspace=self.workspace), pk=pk)
        wanted = CampaignMoveSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.campaign_move(campaign, wanted.validated_data["state"])
        return Response(CampaignSerializer(selectors.campaigns_of(self.workspace).get(pk=pk)).data)


class Releases(WorkspaceListView[Release]):
    queryset = Release.objects.none()
    serializer_class = ReleaseSerializer
    rights = {"GET": READ, "POST": FLEET_WRITE}
    parser_classes = [MultiPartParser]

    def get_queryset(self) -> QuerySet[Release]:
        return selectors.releases_of(self.workspace)

    @extend_schema(request={"multipart/form-data": ReleaseWriteSerializer}, responses={201: ReleaseSerializer})
    def post(self, request: Request) -> Response:
        """A model file for devices: an ONNX export or a package."""
        wanted = ReleaseWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        file = wanted.validated_data.pop("file")
        if file.size > LARGEST_RELEASE:
            raise DomainError("file_too_large", "A release is at most 200 MB.", status=413)
        values = wanted.validated_data
        with recorded("release.made", values["version"], workspace=self.workspace, actor=self.user):
            made = rollouts.release_create(
                workspace=self.workspace, filename=file.name, data=file.read(), by=self.user, **values
            )
        return Response(ReleaseSerializer(made).data, status=201)


class Rollouts(WorkspaceListView[Rollout]):
    queryset = Rollout.objects.none()
    serializer_class = RolloutSerializer
    rights = {"GET": READ, "POST": FLEET_WRITE}

    def get_queryset(self) -> QuerySet[Rollout]:
        return selectors.rollouts_of(self.workspace)

    @extend_schema(request=RolloutWriteSerializer, responses={201: RolloutSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Send a release to some devices, then to all."""
        wanted = RolloutWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        release = get_object_or_404(selectors.releases_of(self.workspace), pk=values.pop("release"))
        with recorded("rollout.started", release, workspace=self.workspace, actor=self.user, after=values):
            rollout = rollouts.rollout_start(release, by=self.user, **values)
        return Response(RolloutSerializer(rollout).data, status=201)


class RolloutBack(WorkspaceView):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=None, responses=RolloutSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Stop it, and send every device that has it back."""
        rollout = get_object_or_404(selectors.rollouts_of(self.workspace), pk=pk)
        with recorded("rollout.stopped", rollout, workspace=self.workspace, actor=self.user):
            rollout = rollouts.rollout_back(rollout, f"Stopped by {self.user}.")
        return Response(RolloutSerializer(rollout).data)


class Simulations(WorkspaceView):
    rights = {"*": FLEET_WRITE}

    @extend_schema(request=SimulationWriteSerializer, responses={201: JobSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Run the device's agent on a drive of the store, as a job."""
        wanted = SimulationWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        job = simulations.simulation_enqueue(self.workspace, created_by=self.user, **wanted.validated_data)
        return Response(JobSerializer(job).data, status=201)


class _OfSimulation(WorkspaceView):
    def result_of(self, pk: Any) -> dict[str, Any]:
        """Of a simulation that has ended well. Raises: Conflict `not_ended`."""
        kind = Job.Kind.SIMULATE_DEVICE
        job = get_object_or_404(Job.objects.filter(workspace=self.workspace, kind=kind), pk=pk)
        if not job.result:
            raise Conflict("not_ended", "This simulation has no result yet.")
        return dict(job.result)


class SimulationTimeline(_OfSimulation):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: Any) -> Response:
        """Every moment: boxes, distances, times to collision, alarms, uplinks."""
        with storage.open_key(self.result_of(pk)["timeline_key"]) as file:
            return Response(orjson.loads(file.read()))


class SimulationPicture(_OfSimulation):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: Any, number: int) -> HttpResponseBase:
        """The picture of a moment."""
        try:
            with storage.open_key(self.result_of(pk)["pictures_key"]) as file:
                keys = orjson.loads(file.read())
        except FileNotFoundError:
            why = "The pictures of this simulation were taken away with the drive's footage."
            raise DomainError("file_missing", why, status=404) from None
        if number >= len(keys):
            raise DomainError("not_found", "There is no such moment.", status=404)
        asked: HttpRequest = request._request
        return still_response(asked, keys[number])
