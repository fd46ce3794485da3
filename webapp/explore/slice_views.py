"""REST of saved questions, and of what looks alike."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import DATASET_WRITE, PRELABEL_RUN, READ
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.explore import services
from webapp.explore.asked import CROPS, FRAMES, Asked
from webapp.explore.features import coverage
from webapp.explore.models import Slice
from webapp.explore.serializers import (
    CoverageSerializer,
    FeatureJobsSerializer,
    FeaturesWriteSerializer,
    SavedSliceDetailSerializer,
    SavedSliceSerializer,
    SavedSliceWriteSerializer,
    SimilarSerializer,
    SimilarWantedSerializer,
)
from webapp.explore.similar import similar
from webapp.footage.selectors import drives_of


class Similar(WorkspaceView):
    @extend_schema(responses=SimilarSerializer, parameters=[SimilarWantedSerializer])
    def get(self, request: Request) -> Response:
        """What looks like a frame or a label, nearest first. 409 `not_indexed` where its drive was not looked through."""
        wanted = SimilarWantedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        frame, label = values.get("frame"), values.get("label")
        asked = wanted.asked(CROPS if label else FRAMES)
        found = similar(self.workspace, self.user, asked, frame=frame, label=label, count=values["count"])
        return Response(found)


class Features(WorkspaceView):
    rights = {"GET": READ, "POST": PRELABEL_RUN}

    @extend_schema(responses=CoverageSerializer)
    def get(self, request: Request) -> Response:
        """How many frames and labels similar ones are found among."""
        return Response(coverage(self.workspace))

    @extend_schema(request=FeaturesWriteSerializer, responses={202: FeatureJobsSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Look through one drive, or all, for what their frames and labels look like; what is up to date is not made again."""
        wanted = FeaturesWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        drives = drives_of(self.workspace)
        one = wanted.validated_data["drive"]
        chosen = [get_object_or_404(drives, pk=one)] if one else list(drives)
        jobs = services.features_enqueue(self.workspace, chosen, created_by=self.user)
        return Response(FeatureJobsSerializer({"results": jobs}).data, status=202)


class SliceList(WorkspaceListView[Slice]):
    queryset = Slice.objects.none()
    serializer_class = SavedSliceSerializer
    rights = {"GET": READ, "POST": DATASET_WRITE}

    def get_queryset(self) -> QuerySet[Slice]:
        return Slice.objects.filter(workspace=self.workspace).select_related("created_by").order_by("-id")

    @extend_schema(request=SavedSliceWriteSerializer, responses={201: SavedSliceSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Give a question a name that everybody in the workspace can use."""
        wanted = SavedSliceWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        made = services.slice_create(
            workspace=self.workspace, name=values["name"], asked=Asked.of(values["asked"]), created_by=self.user
        )
        return Response(SavedSliceSerializer(made).data, status=201)


class SliceDetail(WorkspaceDetailView[Slice]):
    queryset = Slice.objects.none()
    serializer_class = SavedSliceDetailSerializer
    rights = {"GET": READ, "DELETE": DATASET_WRITE}

    def get_queryset(self) -> QuerySet[Slice]:
        return Slice.objects.filter(workspace=self.workspace).select_related("created_by", "workspace")

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Versions and evaluations that were made of it keep its question."""
        services.slice_delete(self.get_object())
        return Response(status=204)
