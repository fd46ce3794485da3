"""REST of imports in and exports out."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import DATASET_WRITE, FOOTAGE_WRITE, FROZEN_READ, READ
from webapp.core import storage
from webapp.core.access import AnywhereView, WorkspaceView
from webapp.core.errors import Conflict
from webapp.core.handed_over import handed_over
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceListView
from webapp.datasets.formats import formats
from webapp.datasets.selectors import versions_of
from webapp.exchange import exports, selectors, services
from webapp.exchange.models import LabelImport, VersionExport
from webapp.exchange.serializers import (
    ExportRequestSerializer,
    FormatsSerializer,
    ImportRequestSerializer,
    LabelImportSerializer,
    SurveyRequestSerializer,
    VersionExportSerializer,
)
from webapp.footage.services import safe_name


class FormatList(WorkspaceView):
    @extend_schema(responses=FormatsSerializer)
    def get(self, request: Request) -> Response:
        """The formats, what each is for and what it cannot hold."""
        rows = [
            {"name": f.name, "title": f.title, "reads": bool(f.read), "writes": bool(f.write)}
            | {"prelabels": f.prelabels, "loses": f.loses if f.write else []}
            for f in formats().values()
        ]
        return Response(FormatsSerializer({"results": rows}).data)


class LabelImportList(WorkspaceListView[LabelImport]):
    queryset = LabelImport.objects.none()
    serializer_class = LabelImportSerializer

    def get_queryset(self) -> QuerySet[LabelImport]:
        rows = selectors.imports_of(self.workspace)
        drive = self.request.query_params.get("drive", "")
        return rows.filter(drive=int(drive)) if drive.isdecimal() else rows


class LabelImportView(WorkspaceView):
    def one(self, pk: int) -> LabelImport:
        return get_object_or_404(selectors.imports_of(self.workspace), pk=pk)


class LabelImportDetail(LabelImportView):
    rights = {"GET": READ, "DELETE": FOOTAGE_WRITE}

    @extend_schema(responses=LabelImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(LabelImportSerializer(self.one(pk)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Throw the file away. Labels that came in stay."""
        services.import_discard(self.one(pk))
        return Response(status=204)


class LabelImportSurvey(LabelImportView):
    rights = {"POST": FOOTAGE_WRITE}

    @extend_schema(request=SurveyRequestSerializer, responses={202: LabelImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Look into the file again as another format."""
        wanted = SurveyRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        one = services.survey_request(self.one(pk), by=self.user, **wanted.validated_data)
        return Response(LabelImportSerializer(one).data, status=202)


class LabelImportRun(LabelImportView):
    rights = {"POST": FOOTAGE_WRITE}

    @extend_schema(request=ImportRequestSerializer, responses={202: LabelImportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Bring the labels in, or with `dry_run` tell what would come."""
        wanted = ImportRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        one = services.import_request(self.one(pk), by=self.user, **wanted.validated_data)
        return Response(LabelImportSerializer(one).data, status=202)


class LabelImportPreview(WorkspaceView):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, number: int) -> HttpResponseBase:
        """One of the survey's frames, small."""
        one = get_object_or_404(selectors.imports_readable_by(self.user), pk=pk)
        shown = one.survey.get("preview", [])
        if number >= len(shown):
            raise Http404
        return FileResponse(storage.open_key(shown[number]["key"]), content_type="image/jpeg")


class LabelImportProblems(WorkspaceView):
    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """Every record that was left out or changed in the last run, and why, as CSV."""
        one = get_object_or_404(selectors.imports_readable_by(self.user), pk=pk)
        if not one.problems_key:
            raise Conflict("no_report", "Nothing was run yet, so there is no report.")
        name = f"{safe_name(one.filename).encode('ascii', 'replace').decode().replace('?', '_')}-problems.csv"
        return FileResponse(
            storage.open_key(one.problems_key), as_attachment=True, filename=name, content_type="text/csv"
        )


class VersionExportList(WorkspaceListView[VersionExport]):
    queryset = VersionExport.objects.none()
    serializer_class = VersionExportSerializer
    rights = {"GET": READ, "POST": DATASET_WRITE}

    def get_queryset(self) -> QuerySet[VersionExport]:
        version = get_object_or_404(versions_of(self.workspace), pk=self.kwargs["pk"])
        return selectors.exports_of(self.workspace).filter(version=version).order_by("-id")

    @extend_schema(request=ExportRequestSerializer, responses={202: VersionExportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """The version as a zip in this format: made by a job, or found made."""
        version = get_object_or_404(versions_of(self.workspace), pk=pk)
        wanted = ExportRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        one = exports.export_request(version, by=self.user, **wanted.validated_data)
        return Response(VersionExportSerializer(one).data, status=202)


class VersionExportFile(AnywhereView):
    rights = {"GET": FROZEN_READ}

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The zip."""
        one = get_object_or_404(selectors.exports_readable_by(self.user).select_related("version__dataset"), pk=pk)
        if not one.key:
            raise Conflict("not_ready", "The export is not made yet.")
        stem = safe_name(one.version.dataset.name).encode("ascii", "replace").decode().replace("?", "_")
        name = f"{stem}-v{one.version.number}-{one.format}.zip"
        if (sent := handed_over(one.key, "application/zip")) is not None:
            sent["Content-Disposition"] = f'attachment; filename="{name}"'
            return sent
        return FileResponse(
            storage.open_key(one.key), as_attachment=True, filename=name, content_type="application/zip"
        )
