"""REST of the model registry: models, which of them serves, and evaluations."""

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, HttpResponseNotModified
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import FROZEN_READ, MODEL_WRITE, READ
from webapp.core.access import WorkspaceView
from webapp.core.errors import Conflict, DomainError
from webapp.core.etags import has_already
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.datasets.selectors import versions_of
from webapp.explore.slices import slice_named
from webapp.footage.services import safe_name
from webapp.jobs.serializers import JobSerializer
from webapp.registry import downloads, selectors, services
from webapp.registry.filters import EvaluationFilter
from webapp.registry.models import Evaluation, ModelVersion
from webapp.registry.serializers import (
    ComparisonSerializer,
    EvaluationSerializer,
    EvaluationWriteSerializer,
    ModelDetailSerializer,
    ModelVersionSerializer,
    PromotionSerializer,
    PromotionsSerializer,
    PromotionWriteSerializer,
)


class ModelList(WorkspaceListView[ModelVersion]):
    queryset = ModelVersion.objects.none()
    serializer_class = ModelVersionSerializer
    rights = {"GET": READ, "POST": MODEL_WRITE}

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return selectors.models_of(self.workspace).select_related("training_run")

    @extend_schema(request=ModelVersionSerializer, responses={201: ModelVersionSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        wanted = ModelVersionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        model = services.model_register(workspace=self.workspace, **wanted.validated_data)
        return Response(ModelVersionSerializer(model).data, status=201)


class ModelDetail(WorkspaceDetailView[ModelVersion]):
    queryset = ModelVersion.objects.none()
    serializer_class = ModelDetailSerializer
    rights = {"GET": READ, "DELETE": MODEL_WRITE}

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return selectors.models_of(self.workspace)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """409 while anything refers to it."""
        services.model_delete(self.get_object())
        return Response(status=204)


class ModelDownload(WorkspaceView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The model folder as a zip, with its hash as ETag."""
        # A link cannot send X-Workspace: any workspace that the person is in will do, for every role may read.
        model = get_object_or_404(selectors.models_readable_by(self.user), pk=pk)
        archive, sha256 = downloads.archive_of(model)
        etag = f'"{sha256}"'
        if has_already(request, etag):
            archive.close()
            return HttpResponseNotModified(headers={"ETag": etag})
        response = FileResponse(archive, as_attachment=True, filename=f"{safe_name(model.name)}.zip")
        response["ETag"] = etag
        return response


class ModelPromote(WorkspaceView):
    rights = {"POST": MODEL_WRITE}

    @extend_schema(request=PromotionWriteSerializer, responses={201: PromotionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Make it the model that pre-labelling starts from."""
        model = get_object_or_404(selectors.models_of(self.workspace), pk=pk)
        wanted = PromotionWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        promotion = services.model_promote(model, by=self.user, **wanted.validated_data)
        return Response(PromotionSerializer(promotion).data, status=201)


class Promotions(WorkspaceView):
    @extend_schema(responses=PromotionsSerializer)
    def get(self, request: Request) -> Response:
        """Which models have served, the latest first; a hundred at most."""
        rows = self.workspace.promotions.select_related("model_version", "by")[:100]
        return Response(PromotionsSerializer({"results": rows}).data)


class EvaluationList(WorkspaceListView[Evaluation]):
    queryset = Evaluation.objects.none()
    serializer_class = EvaluationSerializer
    rights = {"GET": READ, "POST": MODEL_WRITE}
    filterset_class = EvaluationFilter

    def get_queryset(self) -> QuerySet[Evaluation]:
        return selectors.evaluations_of(self.workspace)

    @extend_schema(request=EvaluationWriteSerializer, responses={201: EvaluationSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue an evaluation of a model on a split of a frozen version."""
        wanted = EvaluationWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        model = selectors.models_of(self.workspace).filter(id=values["model"]).first()
        version = versions_of(self.workspace).filter(id=values["dataset_version"]).first()
        if model is None or version is None:
            field = "model" if model is None else "dataset_version"
            raise DomainError("unknown_object", f"There is no such {field} here.", fields={field: "Unknown."})
        cut_by = slice_named(self.workspace, values["slice"]) if values["slice"] else None
        evaluation = services.evaluation_create(
            model=model, version=version, split=values["split"], created_by=self.user, cut_by=cut_by
        )
        return Response(EvaluationSerializer(evaluation).data, status=201)


class EvaluationDetail(WorkspaceDetailView[Evaluation]):
    queryset = Evaluation.objects.none()
    serializer_class = EvaluationSerializer

    def get_queryset(self) -> QuerySet[Evaluation]:
        return selectors.evaluations_of(self.workspace)


class EvaluationReport(WorkspaceView):
    rights = {"GET": FROZEN_READ}

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> Response:
        """Figures, slices, curves, confusion, worst frames and errors; `frame` is the product's id, null when the frame is gone."""
        evaluation = get_object_or_404(selectors.evaluations_of(self.workspace), pk=pk)
        if not evaluation.report_key:
            raise Conflict("not_evaluated", "This evaluation has no report yet.")
        return Response(selectors.report_of(evaluation))


class EvaluationCompare(WorkspaceView):
    rights = {"POST": MODEL_WRITE}

    @extend_schema(request=ComparisonSerializer, responses={202: JobSerializer})
    def post(self, request: Request) -> Response:
        """Queue a paired bootstrap of two evaluations of one split; the job's result has difference, interval and p."""
        wanted = ComparisonSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        evaluations = selectors.evaluations_of(self.workspace)
        first, second = (get_object_or_404(evaluations, pk=wanted.validated_data[name]) for name in ("first", "second"))
        job = services.comparison_enqueue(first, second, created_by=self.user)
        return Response(JobSerializer(job).data, status=202)
