"""REST of datasets, their versions, and the export."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import DATASET_WRITE, FROZEN_READ, READ
from webapp.control.acts import recorded
from webapp.core.access import AnywhereView, WorkspaceView
from webapp.core.errors import DomainError
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.datasets import selectors, services
from webapp.datasets.deleting import version_delete
from webapp.datasets.images import zip_stream
from webapp.datasets.links import link_check, link_create
from webapp.datasets.models import Dataset, DatasetVersion
from webapp.datasets.serializers import (
    DatasetSerializer,
    DatasetWriteSerializer,
    ExportLinkSerializer,
    ExportLinkWriteSerializer,
    VersionSerializer,
    VersionWriteSerializer,
)
from webapp.datasets.serving import coco_response
from webapp.datasets.splits import READABLE
from webapp.footage.selectors import drives_of
from webapp.footage.services import safe_name

SPLIT = OpenApiParameter("split", str, enum=READABLE, description="One split; all of them when left out.")
LINK = OpenApiParameter("link", str, description="The signature of a link that `links/` made, in place of a login.")


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
    rights = {"GET": READ, "DELETE": DATASET_WRITE}

    def get_queryset(self) -> QuerySet[DatasetVersion]:
        return selectors.versions_of(self.workspace)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Deletes it with its files; 409 `in_use` names what refers to it."""
        version = self.get_object()
        with recorded("version.deleted", version, workspace=self.workspace, actor=self.user):
            version_delete(version)
        return Response(status=204)


class VersionFile(AnywhereView):
    """A file made of a frozen version, for a member or for who has a signed link to it."""

    rights = {"GET": FROZEN_READ}
    what = ""

    @property
    def link(self) -> str:
        request = getattr(self, "request", None)  # the schema is drawn without one
        return str(request.GET.get("link", "")) if request is not None else ""

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [] if self.link else super().get_authenticators()

    def get_permissions(self) -> Sequence[Any]:
        return [] if self.link else super().get_permissions()

    def version(self, pk: int) -> DatasetVersion:
        if self.link:
            link_check(self.link, version=pk, what=self.what, split=self.request.query_params.get("split"))
            versions = DatasetVersion.objects.select_related("dataset__workspace")
        else:
            versions = selectors.versions_readable_by(self.user)
        return selectors.frozen(get_object_or_404(versions, pk=pk))

    def split(self, version: DatasetVersion) -> str | None:
        return selectors.split_named(version, self.request.query_params.get("split", ""))


class VersionCoco(VersionFile):
    what = "coco"

    @extend_schema(parameters=[SPLIT, LINK], responses={(200, "application/json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """COCO detection JSON. The same version gives the same bytes, so its digest is a strong ETag; ranges, gzip and zstd are served."""
        version = self.version(pk)
        split = self.split(version)
        response = coco_response(request._request, version, split)
        if response.status_code in (200, 206):
            name = f"{safe_name(version.dataset.name)}-v{version.number}-{split or 'all'}.json"
            ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
            response["Content-Disposition"] = f'attachment; filename="{ascii_name}"'
        return response


class VersionImages(VersionFile):
    what = "images"

    @extend_schema(parameters=[SPLIT, LINK], responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The stills as a zip, under the names that the COCO file uses."""
        version = self.version(pk)
        response = StreamingHttpResponse(zip_stream(version, self.split(version)), content_type="application/zip")
        response["Content-Disposition"] = (
            f'attachment; filename="dataset-{version.dataset_id}-v{version.number}-images.zip"'
        )
        return response


class VersionLinks(WorkspaceView):
    rights = {"POST": DATASET_WRITE}

    @extend_schema(request=ExportLinkWriteSerializer, responses={201: ExportLinkSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """A link that downloads one file of this version without a login until it expires; for machines that should hold no token."""
        wanted = ExportLinkWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        version = selectors.frozen(get_object_or_404(selectors.versions_of(self.workspace), pk=pk))
        values = wanted.validated_data
        told = {"what": values["what"], "lasts_s": values["lasts_s"]}
        with recorded("version.link_made", version, workspace=self.workspace, actor=self.user, after=told):
            row, path = link_create(
                version=version,
                what=values["what"],
                split=selectors.split_named(version, values["split"]),
                lasts=timedelta(seconds=values["lasts_s"]),
                created_by=self.user,
            )
        shown = {"url": request.build_absolute_uri(path), "what": row.what, "split": row.split}
        return Response(ExportLinkSerializer(shown | {"expires_at": row.expires_at}).data, status=201)
