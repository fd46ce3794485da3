"""REST of footage: drives, clips, frames and their pictures."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import FOOTAGE_WRITE, READ
from webapp.blind.desk import shown_in_place
from webapp.blind.models import BlindTrial
from webapp.blind.selectors import open_by_drive
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceGenericView, WorkspaceListView
from webapp.footage import selectors, services
from webapp.footage.filters import ClipFilter, FrameFilter, TrialFilter
from webapp.footage.media import still_response
from webapp.footage.models import Clip, Drive, Frame
from webapp.footage.serializers import (
    ClipSerializer,
    DriveSerializer,
    DriveWriteSerializer,
    FrameSerializer,
    drives_on_wire,
)
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for
from webapp.jobs.serializers import JobSerializer
from webapp.labels.drive_tallies import drive_tallies
from webapp.labels.frame_counts import FRAME_FIELDS, frames_on_wire


class DriveView(WorkspaceGenericView[Drive]):
    queryset = Drive.objects.none()
    serializer_class = DriveSerializer
    rights = {"GET": READ, "*": FOOTAGE_WRITE}
    filterset_fields = ["state"]
    ordering_fields = ["id", "name"]

    def get_queryset(self) -> QuerySet[Drive]:
        return selectors.drives_of(self.workspace)

    def shown(self, drives: list[Drive]) -> list[dict[str, Any]]:
        """Drives with their counts, in a few queries whatever their number."""
        ids = [drive.id for drive in drives]
        jobs: dict[int, list[Job]] = {}
        for job in active_for(self.workspace, drive__in=ids) if ids else ():
            jobs.setdefault(job.params["drive"], []).append(job)
        counts = selectors.drive_counts(drive_tallies(self.workspace, ids))
        for id, blind in open_by_drive(self.user, self.workspace).items():
            if id in counts:
                counts[id]["audited"] -= blind
                counts[id]["in_audit"] += blind
        context = {"counts": counts, "covers": selectors.drive_covers(ids), "jobs": jobs}
        return self.chosen(drives_on_wire(drives, context))

    def written(self, request: Request, *, partial: bool) -> dict[str, Any]:
        serializer = DriveWriteSerializer(data=request.data, partial=partial, context={"workspace": self.workspace})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class DriveList(DriveView):
    @extend_schema(responses=DriveSerializer(many=True))
    def get(self, request: Request) -> Response:
        # A page names few taxonomies and models: joined, each was read and built a hundred times.
        drives = self.get_queryset().select_related(None).prefetch_related("taxonomy", "label_model")
        page = self.paginate_queryset(self.filter_queryset(drives))
        return self.get_paginated_response(self.shown(list(page or [])))

    @extend_schema(request=DriveWriteSerializer, responses={201: DriveSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        drive = services.drive_create(workspace=self.workspace, **self.written(request, partial=False))
        return Response(self.shown([drive])[0], status=201)


class DriveDetail(DriveView):
    @extend_schema(responses=DriveSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.shown([self.get_object()])[0])

    @extend_schema(request=DriveWriteSerializer, responses=DriveSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        drive = services.drive_update(self.get_object(), **self.written(request, partial=True))
        return Response(self.shown([drive])[0])


class ClipView(WorkspaceGenericView[Clip]):
    queryset = Clip.objects.none()
    serializer_class = ClipSerializer
    filterset_class = ClipFilter
    ordering_fields = ["id"]

    def get_queryset(self) -> QuerySet[Clip]:
        return selectors.clips_of(self.workspace)

    def shown(self, clips: list[Clip]) -> list[dict[str, Any]]:
        """Clips with their frame counts and jobs, in a few queries whatever their number."""
        ids = [clip.id for clip in clips]
        jobs = {job.params["clip"]: job for job in active_for(self.workspace, clip__in=ids)} if ids else {}
        context = {"frames": selectors.frame_counts(ids), "jobs": jobs}
        return self.chosen(ClipSerializer(clips, many=True, context=context).data)


class ClipList(ClipView):
    @extend_schema(responses=ClipSerializer(many=True))
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.shown(list(page or [])))


class ClipDetail(ClipView):
    @extend_schema(responses=ClipSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.shown([self.get_object()])[0])


class ClipRetry(WorkspaceView):
    rights = {"*": FOOTAGE_WRITE}

    @extend_schema(request=None, responses={201: JobSerializer})
    def post(self, request: Request, pk: int) -> Response:
        clip = get_object_or_404(selectors.clips_of(self.workspace), pk=pk)
        return Response(JobSerializer(services.clip_retry(clip, created_by=self.user)).data, status=201)


class FrameList(WorkspaceListView[Frame]):
    """Frames in drive order unless `ordering` says otherwise."""

    queryset = Frame.objects.none()
    serializer_class = FrameSerializer
    filterset_class = FrameFilter
    ordering_fields = ["risk", "id", "time_ms"]
    ordering = ["clip_id", "index"]

    def get_queryset(self) -> QuerySet[Frame]:
        frames = selectors.frames_of(self.workspace).exclude(id__in=BlindTrial.frames_of(self.user))
        return frames.only(*FRAME_FIELDS)

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """A frame on blind trial has another state, risk and labels for this person than for all others, and is found and sorted by those."""
        live = BlindTrial.objects.filter(user=self.user, closed_at__isnull=True, frame__workspace=self.workspace)
        self.paginator.beside = shown_in_place(TrialFilter(self.request.query_params, live).qs)  # type: ignore[union-attr]
        return super().paginate_queryset(queryset)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        return self.get_paginated_response(self.chosen(frames_on_wire(page)))


class FramePicture(WorkspaceView):
    """The still itself; `thumbnail` is 320 px wide."""

    key_field = "image_key"

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        # An <img> cannot send X-Workspace: any workspace that the person is in will do, for every role may read.
        mine = Frame.objects.filter(workspace__memberships__user=self.user)
        keys = mine.values_list(self.key_field, flat=True)
        return still_response(request._request, get_object_or_404(keys, pk=pk))


class FrameThumbnail(FramePicture):
    key_field = "thumbnail_key"
