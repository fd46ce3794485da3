"""REST of the audit queue."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_WRITE
from webapp.audit import selectors, services
from webapp.audit.serializers import (
    ClaimedSerializer,
    ClaimSerializer,
    FrameIdsSerializer,
    HeartbeatSerializer,
    ReleasedSerializer,
    SummarySerializer,
)
from webapp.core.access import WorkspaceView
from webapp.footage.models import Frame
from webapp.labels.selectors import frames_detail


class Claim(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=ClaimSerializer, responses=ClaimedSerializer)
    def post(self, request: Request) -> Response:
        """Borrow the riskiest frames that nobody has."""
        wanted = ClaimSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        filters = {name: wanted.validated_data.get(name) for name in ("drive", "category", "state")}
        count, exclude = wanted.validated_data["count"], wanted.validated_data["exclude"]
        ids = services.claim(workspace=self.workspace, user=self.user, count=count, exclude=exclude, **filters)
        details = {detail["id"]: detail for detail in frames_detail(Frame.objects.filter(id__in=ids), self.user)}
        return Response(
            {
                "frames": [details[id] for id in ids],
                "lease_seconds": settings.AUDIT_LEASE_S,
                "remaining": selectors.remaining_count(self.workspace, **filters),
            }
        )


class Heartbeat(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=FrameIdsSerializer, responses=HeartbeatSerializer)
    def post(self, request: Request) -> Response:
        ids = _frame_ids(request)
        held = services.renew(self.user, ids)
        lost = [id for id in ids if id not in held]
        return Response({"held": held, "lost": lost, "lease_seconds": settings.AUDIT_LEASE_S})


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


def _frame_ids(request: Request) -> Any:
    wanted = FrameIdsSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data["frames"]
