"""REST of training: methods, runs, their curves and logs."""

import hashlib
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.models import Workspace
from webapp.accounts.rights import MODEL_WRITE, READ
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.core.etags import has_already
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.datasets.selectors import versions_of
from webapp.edge.budget_serializers import budget_of
from webapp.registry.selectors import models_of
from webapp.training import comparisons, predictions, selectors, services
from webapp.training.comparison_serializers import (
    MethodComparisonSerializer,
    MethodComparisonWriteSerializer,
    StandingsSerializer,
)
from webapp.training.filters import RunFilter
from webapp.training.models import MethodComparison, TrainingRun
from webapp.training.prediction_serializers import (
    PredictionSetDetailSerializer,
    PredictionSetSerializer,
    PredictionSetsSerializer,
    PredictionSetWriteSerializer,
)
from webapp.training.serializers import (
    EstimateSerializer,
    MethodsSerializer,
    MetricsSerializer,
    PlanSerializer,
    RunLogSerializer,
    RunSerializer,
    RunWriteSerializer,
)
from webapp.training.standings import comparisons_of, standings

LOG_TAIL = 64 * 1024  # bytes
FIGURE = OpenApiParameter("figure", str, description="AP unless given; `category:<name>` is the AP of a category.")
AFTER = OpenApiParameter("after", int, description="Only rows behind this iteration.")


class MethodList(WorkspaceView):
    @extend_schema(responses=MethodsSerializer)
    def get(self, request: Request) -> Response:
        """The methods that workers have published, the control first, with their options; empty until a worker has started once."""
        return Response(MethodsSerializer({"results": selectors.methods()}).data)


class RunList(WorkspaceListView[TrainingRun]):
    queryset = TrainingRun.objects.none()
    serializer_class = RunSerializer
    rights = {"GET": READ, "POST": MODEL_WRITE}
    filterset_class = RunFilter

    def get_queryset(self) -> QuerySet[TrainingRun]:
        return selectors.runs_of(self.workspace)

    @extend_schema(request=RunWriteSerializer, responses={201: RunSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Launch a run: everything that can be checked is checked before its job is queued."""
        wanted = RunWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = resolved(self.workspace, dict(wanted.validated_data))
        budget = budget_of(values.pop("budget") or {})
        run = services.run_launch(workspace=self.workspace, created_by=self.user, budget=budget, **values)
        return Response(RunSerializer(selectors.runs_of(self.workspace).get(pk=run.pk)).data, status=201)


class RunEstimate(WorkspaceView):
    rights = {"POST": MODEL_WRITE}

    @extend_schema(request=PlanSerializer, responses={202: EstimateSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue a dry run: three steps, then time, memory and sizes as the job's result."""
        wanted = PlanSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = resolved(self.workspace, dict(wanted.validated_data))
        job = services.estimate_enqueue(workspace=self.workspace, created_by=self.user, **values)
        return Response(EstimateSerializer({"job": job}).data, status=202)


class RunDetail(WorkspaceDetailView[TrainingRun]):
    queryset = TrainingRun.objects.none()
    serializer_class = RunSerializer

    def get_queryset(self) -> QuerySet[TrainingRun]:
        return selectors.runs_of(self.workspace)


class RunMetrics(WorkspaceView):
    @extend_schema(parameters=[AFTER], responses=MetricsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """With an ETag: a page that polls pays for what is new alone."""
        run = get_object_or_404(selectors.runs_of(self.workspace), pk=pk)
        after = request.query_params.get("after", "0")
        rows = selectors.metrics_after(run, min(int(after), 2**31) if after.isdecimal() else 0)
        etag = f'"{hashlib.sha256(orjson.dumps(rows)).hexdigest()[:32]}"'
        if has_already(request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(rows, headers={"ETag": etag})


class RunLog(WorkspaceView):
    @extend_schema(responses=RunLogSerializer)
    def get(self, request: Request, pk: int) -> Response:
        run = get_object_or_404(selectors.runs_of(self.workspace), pk=pk)
        return Response({"text": _tail(Path(settings.RUNS_ROOT) / str(run.id) / "log.txt")})


class RunResume(WorkspaceView):
    rights = {"POST": MODEL_WRITE}

    @extend_schema(request=None, responses=RunSerializer)
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Go on from the last checkpoint of a run that failed or was cancelled."""
        run = get_object_or_404(selectors.runs_of(self.workspace), pk=pk)
        services.run_resume(run)
        return Response(RunSerializer(selectors.runs_of(self.workspace).get(pk=pk)).data)


class ComparisonList(WorkspaceListView[MethodComparison]):
    queryset = MethodComparison.objects.none()
    serializer_class = MethodComparisonSerializer
    rights = {"GET": READ, "POST": MODEL_WRITE}

    def get_queryset(self) -> QuerySet[MethodComparison]:
        return comparisons_of(self.workspace)

    @extend_schema(request=MethodComparisonWriteSerializer, responses={201: MethodComparisonSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue a run of every method, the control always among them, with every seed."""
        wanted = MethodComparisonWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = resolved(self.workspace, dict(wanted.validated_data))
        made = comparisons.comparison_launch(workspace=self.workspace, created_by=self.user, **values)
        return Response(MethodComparisonSerializer(made).data, status=201)


class ComparisonDetail(WorkspaceDetailView[MethodComparison]):
    queryset = MethodComparison.objects.none()
    serializer_class = MethodComparisonSerializer

    def get_queryset(self) -> QuerySet[MethodComparison]:
        return comparisons_of(self.workspace)


class ComparisonStandings(WorkspaceView):
    @extend_schema(parameters=[FIGURE], responses=StandingsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What each method gave over the seeds, and its difference to the control with two 95 % intervals."""
        comparison = get_object_or_404(comparisons_of(self.workspace), pk=pk)
        return Response(standings(comparison, request.query_params.get("figure", "AP")))


class ComparisonCancel(WorkspaceView):
    rights = {"POST": MODEL_WRITE}

    @extend_schema(request=None, responses=MethodComparisonSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Stop every run that runs or waits; each makes its checkpoint."""
        comparison = get_object_or_404(comparisons_of(self.workspace), pk=pk)
        comparisons.comparison_cancel(comparison)
        return Response(MethodComparisonSerializer(comparison).data)


class ComparisonRetry(WorkspaceView):
    rights = {"POST": MODEL_WRITE}

    @extend_schema(request=None, responses=MethodComparisonSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Let every run that failed or was cancelled go on from its checkpoint."""
        comparison = get_object_or_404(comparisons_of(self.workspace), pk=pk)
        comparisons.comparison_retry(comparison)
        return Response(MethodComparisonSerializer(comparison).data)


class RunPredictions(WorkspaceView):
    rights = {"GET": READ, "POST": MODEL_WRITE}

    @extend_schema(responses=PredictionSetsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What was looked at side by side for this run, the latest first; twenty at most."""
        run = get_object_or_404(selectors.runs_of(self.workspace), pk=pk)
        sets = run.prediction_sets.select_related("job").order_by("-id")[:20]
        return Response(PredictionSetsSerializer({"results": sets}).data)

    @extend_schema(request=PredictionSetWriteSerializer, responses={202: PredictionSetSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Queue the predictions of teacher, student before and student after; without frames or a drive on those where the student errs most."""
        run = get_object_or_404(selectors.runs_of(self.workspace), pk=pk)
        wanted = PredictionSetWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = predictions.predictions_enqueue(run, created_by=self.user, **wanted.validated_data)
        return Response(PredictionSetSerializer(made).data, status=202)


class PredictionSetDetail(WorkspaceView):
    @extend_schema(responses=PredictionSetDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """With what was found, once the job has ended well; null before."""
        found = get_object_or_404(predictions.prediction_sets_of(self.workspace), pk=pk)
        return Response(PredictionSetDetailSerializer(found).data)


def resolved(workspace: Workspace, values: dict[str, Any]) -> dict[str, Any]:
    """Ids as objects of this workspace. Raises: DomainError `unknown_object` by the field."""
    rows: dict[str, QuerySet[Any]] = {
        "init": models_of(workspace),
        "teacher": models_of(workspace),
        "dataset_version": versions_of(workspace),
        "cloned_from": selectors.runs_of(workspace),
    }
    for field, known in rows.items():
        if (id := values.get(field)) is None:
            continue
        values[field] = known.filter(id=id).first()
        if values[field] is None:
            raise DomainError("unknown_object", f"There is no such {field} here.", fields={field: "Unknown."})
    return values


def _tail(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LOG_TAIL))
        return file.read().decode(errors="replace")
