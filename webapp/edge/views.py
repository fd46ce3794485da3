"""REST of edge exports."""

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import MODEL_WRITE, READ
from webapp.core import storage
from webapp.core.access import WorkspaceView
from webapp.core.errors import Conflict, DomainError
from webapp.core.etags import has_already
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.datasets.selectors import versions_of
from webapp.edge import budgets, selectors, services
from webapp.edge.budget_serializers import FiguresAskedSerializer, FiguresToldSerializer, budget_of
from webapp.edge.filters import EdgeExportFilter
from webapp.edge.models import EdgeExport
from webapp.edge.serializers import EdgeExportSerializer, EdgeExportWriteSerializer
from webapp.footage.services import safe_name
from webapp.registry.selectors import models_of

PRECISION = OpenApiParameter("precision", str, enum=list(selectors.NETWORKS), description="fp32 unless told.")


class EdgeFigures(WorkspaceView):
    @extend_schema(parameters=[FiguresAskedSerializer], responses=FiguresToldSerializer)
    def get(self, request: Request) -> Response:
        """What a YOLOX of a size will cost, what of that is over a budget, and which single change would keep within it."""
        wanted = FiguresAskedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        version = versions_of(self.workspace).filter(id=values["dataset_version"]).first()
        told = budgets.figures(
            size=values["size"],
            width=values["width"],
            height=values["height"],
            classes=budgets.classes_of(version),
            budget=budget_of(values),
        )
        return Response(FiguresToldSerializer(told).data)


class EdgeExportList(WorkspaceListView[EdgeExport]):
    queryset = EdgeExport.objects.none()
    serializer_class = EdgeExportSerializer
    rights = {"GET": READ, "POST": MODEL_WRITE}
    filterset_class = EdgeExportFilter

    def get_queryset(self) -> QuerySet[EdgeExport]:
        return selectors.exports_of(self.workspace)

    @extend_schema(request=EdgeExportWriteSerializer, responses={201: EdgeExportSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue the packing of a model for devices."""
        wanted = EdgeExportWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = dict(wanted.validated_data)
        asked = values.pop("dataset_version")
        model = models_of(self.workspace).filter(id=values.pop("model")).first()
        version = versions_of(self.workspace).filter(id=asked).first() if asked else None
        if model is None or (asked and version is None):
            field = "model" if model is None else "dataset_version"
            raise DomainError("unknown_object", f"There is no such {field} here.", fields={field: "Unknown."})
        made = services.export_create(model=model, version=version, created_by=self.user, **values)
        return Response(EdgeExportSerializer(made).data, status=201)


class EdgeExportDetail(WorkspaceDetailView[EdgeExport]):
    queryset = EdgeExport.objects.none()
    serializer_class = EdgeExportSerializer

    def get_queryset(self) -> QuerySet[EdgeExport]:
        return selectors.exports_of(self.workspace)


class EdgeExportManifest(WorkspaceView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> Response:
        """`manifest.json` of the zip: input, outputs, categories, thresholds."""
        made = get_object_or_404(selectors.exports_of(self.workspace), pk=pk)
        return Response(selectors.manifest_of(made))


class EdgeExportNetwork(WorkspaceView):
    @extend_schema(parameters=[PRECISION], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The network alone, as ONNX: what a browser runs."""
        # A worker's fetch sends no X-Workspace, as links do not.
        made = get_object_or_404(selectors.exports_readable_by(self.user), pk=pk)
        precision = request.query_params.get("precision", "fp32")
        etag = f'"{made.sha256}-{precision}"'
        if made.archive_key and (known := _known(request, etag)):  # before the zip is opened for it
            return known
        content = selectors.network_of(made, precision)
        # Private: by its hash it never changes, but whoever leaves the workspace must not find it in a shared cache.
        headers = {"ETag": etag, "Cache-Control": "private, max-age=86400"}
        return HttpResponse(content, content_type="application/octet-stream", headers=headers)


class EdgeExportFile(WorkspaceView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The zip, with its hash as ETag."""
        # A link cannot send X-Workspace: any workspace that the person is in will do, for every role may read.
        made = get_object_or_404(selectors.exports_readable_by(self.user), pk=pk)
        if not made.archive_key:
            raise Conflict("not_exported", "No zip has come of this export.")
        etag = f'"{made.sha256}"'
        if known := _known(request, etag):
            return known
        name = f"{safe_name(made.model_version.name)}-{made.target}.zip"
        response = FileResponse(storage.open_key(made.archive_key), as_attachment=True, filename=name)
        response["ETag"] = etag
        return response


def _known(request: Request, etag: str) -> HttpResponse | None:
    """304 for who has this content already."""
    if has_already(request, etag):
        return HttpResponseNotModified(headers={"ETag": etag})
    return None
