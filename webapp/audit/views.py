"""REST of the audit queue."""

from typing import Any

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW, AUDIT_WRITE, READ
from webapp.audit import selectors, services
from webapp.audit.bound import audit_bound
from webapp.audit.sampling import sample_draw
from webapp.audit.serializers import (
    AuditBoundSerializer,
    BeatSerializer,
    ClaimedSerializer,
    ClaimSerializer,
    DrawSerializer,
    FrameIdsSerializer,
    HeartbeatSerializer,
    ReleasedSerializer,
    SetAskedSerializer,
    SetBoundSerializer,
    SummarySerializer,
)
from webapp.audit.set_bound import Asked, set_bound
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.footage.models import Frame
from webapp.footage.selectors import drives_of
from webapp.labels.selectors import frames_detail
from webapp.team.presence import presence_note, present


class Claim(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=ClaimSerializer, responses=ClaimedSerializer)
    def post(self, request: Request) -> Response:
        """Borrow the riskiest frames that nobody has, among them a few drawn at random."""
        wanted = ClaimSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        filters = {name: wanted.validated_data.get(name) for name in ("drive", "category", "light", "state", "slice")}
        count, exclude = wanted.validated_data["count"], wanted.validated_data["exclude"]
        ids = services.claim(workspace=self.workspace, user=self.user, count=count, exclude=exclude, **filters)
        details = {detail["id"]: detail for detail in frames_detail(Frame.objects.filter(id__in=ids), self.user)}
        return Response(
            {
                "frames": [details[id] for id in ids],
                "lease_seconds": settings.AUDIT_LEASE_S,
                "remaining": selectors.remaining_count(self.workspace, self.user, **filters),
            }
        )


class Heartbeat(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=BeatSerializer, responses=HeartbeatSerializer)
    def post(self, request: Request) -> Response:
        """Renew what is lent, say where one is, and hear who else is there."""
        wanted = BeatSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        ids, at, place = (wanted.validated_data[name] for name in ("frames", "at", "place"))
        with transaction.atomic():  # one write for all: on SQLite each waits for its turn
            held = services.renew(self.user, ids)
            presence_note(workspace=self.workspace, user=self.user, frame=at, place=place)
        return Response(
            {
                "held": held,
                "lost": [id for id in ids if id not in held],
                "lease_seconds": settings.AUDIT_LEASE_S,
                "others": present(self.workspace, besides=self.user),
            }
        )


class Release(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=FrameIdsSerializer, responses=ReleasedSerializer)
    def post(self, request: Request) -> Response:
        return Response({"released": services.release(self.user, _frame_ids(request))})


class Summary(WorkspaceView):
    @extend_schema(responses=SummarySerializer, parameters=[OpenApiParameter("drive", int)])
    def get(self, request: Request) -> Response:
        drive = request.query_params.get("drive", "")
        chosen = int(drive) if drive.isdecimal() else None
        return Response(selectors.audit_summary(self.workspace, self.user, drive=chosen))


class DriveAuditBound(WorkspaceView):
    rights = {"GET": READ, "POST": AUDIT_REVIEW}

    @extend_schema(responses=AuditBoundSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How many of the drive's labels may be wrong, by its random sample."""
        return Response(audit_bound(get_object_or_404(drives_of(self.workspace), pk=pk)))

    @extend_schema(request=DrawSerializer, responses={201: AuditBoundSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Draw a new sample of the labels that nobody has decided about. 409 `nothing_to_draw` where none waits."""
        drive = get_object_or_404(drives_of(self.workspace), pk=pk)
        wanted = DrawSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sample_draw(drive=drive, created_by=self.user, size=wanted.validated_data["size"])
        return Response(audit_bound(drive), status=201)


class SetBound(WorkspaceView):
    @extend_schema(responses=SetBoundSerializer, parameters=[SetAskedSerializer])
    def get(self, request: Request) -> Response:
        """How many labels of these drives, of a category, by day or night, of a size may be wrong, by all their samples together."""
        wanted = SetAskedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        asked = dict(wanted.validated_data)
        drives, chosen = drives_of(self.workspace), asked.pop("drive")
        return Response(set_bound(list(drives.filter(id__in=chosen) if chosen else drives), Asked(**asked)))


def _frame_ids(request: Request) -> Any:
    wanted = FrameIdsSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data["frames"]
