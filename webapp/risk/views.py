"""REST of risk: fitted models, recomputing, and the audit curve."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import PRELABEL_RUN, READ
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.footage.models import Drive
from webapp.footage.selectors import drives_of
from webapp.jobs.serializers import JobSerializer
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import models_of
from webapp.risk import selectors, services
from webapp.risk.filters import RiskModelFilter
from webapp.risk.missing import missed_estimate
from webapp.risk.models import RiskModel
from webapp.risk.serializers import (
    AuditCurveSerializer,
    FitSerializer,
    MissedEstimateSerializer,
    RiskModelSerializer,
    ScoreSerializer,
)


class RiskModelList(WorkspaceListView[RiskModel]):
    queryset = RiskModel.objects.none()
    serializer_class = RiskModelSerializer
    rights = {"GET": READ, "POST": PRELABEL_RUN}
    filterset_class = RiskModelFilter
    ordering = ["-id"]

    def get_queryset(self) -> QuerySet[RiskModel]:
        return selectors.risk_models_of(self.workspace)

    @extend_schema(request=FitSerializer, responses={201: JobSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue a fit on the audits of a model's labels. 409 `too_little_audited` before there are 300."""
        wanted = FitSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        model = _model(self, wanted.validated_data["model"])
        return Response(JobSerializer(services.fit_enqueue(model, created_by=self.user)).data, status=201)


class RiskModelDetail(WorkspaceDetailView[RiskModel]):
    queryset = RiskModel.objects.none()
    serializer_class = RiskModelSerializer

    def get_queryset(self) -> QuerySet[RiskModel]:
        return selectors.risk_models_of(self.workspace)


class RiskScores(WorkspaceView):
    rights = {"*": PRELABEL_RUN}

    @extend_schema(request=ScoreSerializer, responses={201: JobSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue the recomputing of open labels' risk; audited ones keep that which they were audited by."""
        wanted = ScoreSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        model = _model(self, wanted.validated_data["model"])
        drive = _drive(self, wanted.validated_data["drive"]) if "drive" in wanted.validated_data else None
        job = services.score_enqueue(model, drive=drive, created_by=self.user)
        return Response(JobSerializer(job).data, status=201)


class AuditCurve(WorkspaceView):
    @extend_schema(responses=AuditCurveSerializer)
    def get(self, request: Request) -> Response:
        """Of the workspace's audits."""
        return Response(selectors.audit_curve(self.workspace))


class DriveAuditCurve(WorkspaceView):
    @extend_schema(responses=AuditCurveSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Of one drive's audits."""
        drive = get_object_or_404(drives_of(self.workspace), pk=pk)
        return Response(selectors.audit_curve(self.workspace, drive))


class DriveMissed(WorkspaceView):
    @extend_schema(responses=MissedEstimateSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """How many objects of the drive's audited frames nobody has found yet."""
        return Response(missed_estimate(get_object_or_404(drives_of(self.workspace), pk=pk)))


def _model(view: WorkspaceView, id: int) -> ModelVersion:
    found = models_of(view.workspace).filter(id=id).first()
    if found is None:
        raise DomainError("unknown_model", f"There is no model {id} here.", fields={"model": "Unknown model."})
    return found


def _drive(view: WorkspaceView, id: int) -> Drive:
    found = drives_of(view.workspace).filter(id=id).first()
    if found is None:
        raise DomainError("unknown_drive", "There is no such drive here.", fields={"drive": "Unknown drive."})
    return found
