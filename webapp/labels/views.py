"""REST of labels: a frame as the desk opens it, its operations, its history."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.models import User
from webapp.accounts.rights import AUDIT_REVIEW, AUDIT_WRITE
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError, Forbidden
from webapp.footage.models import Frame
from webapp.labels import selectors, services
from webapp.labels.comparison import comparison, label_sources
from webapp.labels.crops import open_crops
from webapp.labels.recent import recent_operations
from webapp.labels.serializers import (
    CropsSerializer,
    CropsWantedSerializer,
    EventSerializer,
    FrameDetailSerializer,
    LabelComparisonSerializer,
    LabelComparisonWantedSerializer,
    LabelSourcesSerializer,
    OperationsResultSerializer,
    OperationsSerializer,
    RecentOperationSerializer,
    RecentOperationsSerializer,
    RecentWantedSerializer,
)


class FrameView(WorkspaceView):
    def frame(self, pk: int) -> Frame:
        frame = selectors.frame_in(self.workspace, pk)
        if frame is None:
            raise Http404
        return frame


class FrameDetail(FrameView):
    @extend_schema(responses=FrameDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        frame = self.frame(pk)
        [detail] = selectors.frames_detail(Frame.objects.filter(pk=frame.pk), self.user)
        return Response(detail, headers={"ETag": f'"{frame.version}"'})


class FrameOperations(FrameView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(
        request=OperationsSerializer,
        responses=OperationsResultSerializer,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The frame's version.")],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Apply up to 200 operations in order, all or none. Repeating a request is harmless."""
        frame = self.frame(pk)
        wanted = OperationsSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        result = services.operations_apply(
            frame=frame,
            operations=wanted.validated_data["operations"],
            expected_version=if_match(request),
            actor=self.user,
        )
        return Response(result, headers={"ETag": f'"{result["version"]}"'})


class FrameEvents(FrameView):
    @extend_schema(responses=EventSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        events = selectors.frame_events(self.frame(pk), self.user)
        return Response({"results": EventSerializer(events, many=True).data})


class FrameLabelSources(FrameView):
    @extend_schema(responses=LabelSourcesSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Who labelled the frame: models, imports and people; other people only for who may review."""
        return Response({"results": [source.on_wire() for source in label_sources(self.frame(pk), self.user)]})


class FrameComparison(FrameView):
    @extend_schema(responses=LabelComparisonSerializer, parameters=[LabelComparisonWantedSerializer])
    def get(self, request: Request, pk: int) -> Response:
        """Two sources' labels in pairs at IoU 0.5: agreed, of another category, or of one of them alone."""
        wanted = LabelComparisonWantedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response(comparison(self.frame(pk), self.user, **wanted.validated_data))


class RecentOperations(WorkspaceView):
    @extend_schema(responses=RecentOperationsSerializer, parameters=[RecentWantedSerializer])
    def get(self, request: Request) -> Response:
        """One's own operations of the last twelve hours that still stand, oldest first; others' with the right to review."""
        wanted = RecentWantedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        part = dict(wanted.validated_data)
        operations = recent_operations(self.workspace, self._actor(part.pop("actor", None)), **part)
        return Response({"results": RecentOperationSerializer(operations, many=True).data})

    def _actor(self, id: int | None) -> User:
        if id is None or id == self.user.id:
            return self.user
        if AUDIT_REVIEW not in self.granted:
            raise Forbidden("not_yours", "What somebody else did is theirs; seeing it here needs the right to review.")
        actor = User.objects.filter(id=id, memberships__workspace=self.workspace).first()
        if actor is None:
            raise Http404
        return actor


class Crops(WorkspaceView):
    @extend_schema(responses=CropsSerializer, parameters=[CropsWantedSerializer])
    def get(self, request: Request) -> Response:
        """A category's boxes that wait for a decision, riskiest first, for deciding many at a glance."""
        wanted = CropsWantedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response({"results": open_crops(self.workspace, self.user, **wanted.validated_data)})


def if_match(request: Request) -> int:
    value = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not value.isdecimal():
        raise DomainError(
            "if_match_required", 'Send If-Match: "<version>", the frame version that you saw.', status=428
        )
    return int(value)
