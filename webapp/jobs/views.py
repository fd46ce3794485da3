"""REST of the job ledger."""

import hashlib

import orjson
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import JOBS_WRITE, PRELABEL_RUN, READ
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.core.etags import has_already
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceListView
from webapp.footage.selectors import drives_of
from webapp.footage.services import prelabel_enqueue
from webapp.jobs import services
from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_of
from webapp.jobs.serializers import JobLogsSerializer, JobRequestSerializer, JobSerializer
from webapp.registry.services import model_to_label_with


class JobList(WorkspaceListView[Job]):
    queryset = Job.objects.none()
    serializer_class = JobSerializer
    rights = {"GET": READ, "POST": PRELABEL_RUN}
    filterset_fields = ["state", "kind"]
    ordering_fields = ["created_at"]
    ordering = ["-created_at"]

    def get_queryset(self) -> QuerySet[Job]:
        jobs = jobs_of(self.workspace).order_by("-created_at")
        drive = self.request.query_params.get("drive", "")
        return jobs.filter(params__drive=int(drive)) if drive.isdecimal() else jobs

    @extend_schema(request=JobRequestSerializer, responses={201: JobSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Queue a job. `prelabel_frames` labels a drive with a model."""
        wanted = JobRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        params = dict(wanted.validated_data["params"])
        drive = drives_of(self.workspace).filter(id=params.pop("drive")).first()
        if drive is None:
            raise DomainError(
                "unknown_drive", "There is no such drive here.", fields={"params.drive": "Unknown drive."}
            )
        model = model_to_label_with(self.workspace, params.pop("model", None))
        job = prelabel_enqueue(drive, model, created_by=self.user, **params)
        return Response(JobSerializer(job).data, status=201)


class JobDetail(WorkspaceView):
    @extend_schema(responses=JobSerializer)
    def get(self, request: Request, pk: str) -> Response:
        """With an ETag: a page that polls pays for a change alone."""
        data = JobSerializer(get_object_or_404(jobs_of(self.workspace), pk=pk)).data
        etag = f'"{hashlib.sha256(orjson.dumps(data, default=str)).hexdigest()[:32]}"'
        if has_already(request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(data, headers={"ETag": etag})


class JobLogs(WorkspaceView):
    @extend_schema(responses=JobLogsSerializer)
    def get(self, request: Request, pk: str) -> Response:
        job = get_object_or_404(jobs_of(self.workspace), pk=pk)
        return Response(JobLogsSerializer({"results": job.logs.all()[:1000]}).data)


class JobCancel(WorkspaceView):
    rights = {"*": JOBS_WRITE}

    @extend_schema(request=None, responses=JobSerializer)
    def post(self, request: Request, pk: str) -> Response:
        return Response(JobSerializer(services.cancel(get_object_or_404(jobs_of(self.workspace), pk=pk))).data)


class JobRetry(WorkspaceView):
    rights = {"*": JOBS_WRITE}

    @extend_schema(request=None, responses=JobSerializer)
    def post(self, request: Request, pk: str) -> Response:
        return Response(JobSerializer(services.retry(get_object_or_404(jobs_of(self.workspace), pk=pk))).data)
