"""REST of datasets, their versions, and the export."""

from django.db.models import QuerySet
from django.http import HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import DATASET_WRITE, READ
from webapp.core.access import WorkspaceView
from webapp.core.errors import Conflict, DomainError
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.datasets import selectors, services
from webapp.datasets.formats import coco
from webapp.datasets.images import zip_stream
from webapp.datasets.models import Dataset, DatasetVersion
from webapp.datasets.serializers import (
    DatasetSerializer,
    DatasetWriteSerializer,
    VersionSerializer,
    VersionWriteSerializer,
)
from webapp.footage.selectors import drives_of
from webapp.footage.services import safe_name

SPLIT = OpenApiParameter("split", str, enum=services.SPLITS, description="One split; all of them when left out.")


class DatasetList(WorkspaceListView[Dataset]):
    queryset = Dataset.objects.none()
    serializer_class = DatasetSerializer
    rights = {"GET": READ, "POST": DATASET_WRITE}

    def get_queryset(self) -> QuerySet[Dataset]:
        return selectors.datasets_of(self.workspace)

    @extend_schema(request=DatasetWriteSerializer, responses={201: DatasetSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        wanted = DatasetWriteSerializer(data=request.data, context={"workspace": self.workspace})
        wanted.is_valid(raise_exception=True)
        dataset = services.dataset_create(workspace=self.workspace, **wanted.validated_data)
        return Response(DatasetSerializer(dataset).data, status=201)


class DatasetDetail(WorkspaceDetailView[Dataset]):
    queryset = Dataset.objects.none()
    serializer_class = DatasetSerializer

    def get_queryset(self) -> QuerySet[Dataset]:
        return selectors.datasets_of(self.workspace)


class VersionList(WorkspaceListView[DatasetVersion]):
    queryset = DatasetVersion.objects.none()
    serializer_class = VersionSerializer
    rights = {"GET": READ, "POST": DATASET_WRITE}

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        dataset = get_object_or_404(selectors.datasets_of(self.workspace), pk=self.kwargs["pk"])
        return selectors.versions_of(self.workspace).filter(dataset=dataset)

    @extend_schema(request=VersionWriteSerializer, responses={202: VersionSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Freeze a version: a job writes its manifest and digest."""
        dataset = get_object_or_404(selectors.datasets_of(self.workspace), pk=pk)
        wanted = VersionWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        chosen = values.pop("drives")
        found = drives_of(self.workspace).in_bulk([row["drive"] for row in chosen])
        if missing := [row["drive"] for row in chosen if row["drive"] not in found]:
            raise DomainError(
                "unknown_drive", f"There is no drive {missing[0]} here.", fields={"drives": "Unknown drive."}
            )
        drives = [(found[row["drive"]], row["split"]) for row in chosen]
        version = services.version_create(dataset=dataset, drives=drives, created_by=self.user, **values)
        return Response(VersionSerializer(version).data, status=202)


class VersionDetail(WorkspaceDetailView[DatasetVersion]):
    queryset = DatasetVersion.objects.none()
    serializer_class = VersionSerializer

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        return selectors.versions_of(self.workspace)


class VersionFile(WorkspaceView):
    """A file made of a frozen version."""

    def version(self, pk: int) -> DatasetVersion:
        # A link cannot send X-Workspace: any workspace that the person is in will do, for every role may read.
        version = get_object_or_404(selectors.versions_readable_by(self.user), pk=pk)
        if version.state != DatasetVersion.State.FROZEN:
            raise Conflict("not_frozen", f"This version is {version.state}; there is nothing to download yet.")
        return version

    def split(self, version: DatasetVersion) -> str | None:
        split = self.request.query_params.get("split") or None
        if split is not None and split not in version.summary["splits"]:
            known = ", ".join(version.summary["splits"])
            raise DomainError("unknown_split", f"This version has no split '{split}'; it has {known}.", status=404)
        return split


class VersionCoco(VersionFile):
    @extend_schema(parameters=[SPLIT], responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """COCO detection JSON, streamed. The same version gives the same bytes, so the digest is the ETag."""
        version = self.version(pk)
        split = self.split(version)
        etag = f'"{version.digest}-{split or "all"}"'
        if request.headers.get("If-None-Match") == etag:
            return HttpResponseNotModified(headers={"ETag": etag})
        name = f"{safe_name(version.dataset.name)}-v{version.number}-{split or 'all'}.json"
        response = StreamingHttpResponse(coco.stream(version, split), content_type="application/json")
        response["Content-Disposition"] = (
            f'attachment; filename="{name.encode("ascii", "replace").decode().replace("?", "_")}"'
        )
        response["ETag"] = etag
        return response


class VersionImages(VersionFile):
    @extend_schema(parameters=[SPLIT], responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The stills as a zip, under the names that the COCO file uses."""
        version = self.version(pk)
        response = StreamingHttpResponse(zip_stream(version, self.split(version)), content_type="application/zip")
        response["Content-Disposition"] = (
            f'attachment; filename="dataset-{version.dataset_id}-v{version.number}-images.zip"'
        )
        return response
