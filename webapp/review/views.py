"""REST of review: conversations on frames, and verdicts."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW, AUDIT_WRITE, READ
from webapp.blind.desk import seen_by, trial_of
from webapp.blind.models import BlindTrial
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceListView
from webapp.footage.models import Frame
from webapp.footage.selectors import frames_of
from webapp.labels.views import if_match
from webapp.review import selectors, threads
from webapp.review.models import Review, Thread
from webapp.review.serializers import (
    BeginThreadSerializer,
    EditCommentSerializer,
    FrameReviewsSerializer,
    FrameThreadsSerializer,
    ResolveSerializer,
    ReviewCountsSerializer,
    ReviewRowSerializer,
    ReviewRowsWantedSerializer,
    ReviewWriteSerializer,
    TextSerializer,
    ThreadSerializer,
    ThreadsWantedSerializer,
)
from webapp.review.verdicts import frame_review


class FrameThreads(WorkspaceView):
    rights = {"GET": READ, "POST": AUDIT_WRITE}

    @extend_schema(responses=FrameThreadsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        frame = get_object_or_404(frames_of(self.workspace), pk=pk)
        found = selectors.threads_of(self.workspace).filter(frame=frame)
        if trial_of(seen_by(self.user, frame)):  # to this person the frame is new: what others said of it would tell
            found = found.filter(created_by=self.user)
        return Response({"results": [selectors.thread_on_wire(thread) for thread in found]})

    @extend_schema(request=BeginThreadSerializer, responses={201: ThreadSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Pin a comment to a box, a point or the frame."""
        frame = get_object_or_404(frames_of(self.workspace), pk=pk)
        wanted = _checked(BeginThreadSerializer, request)
        return _answer(threads.thread_begin(frame=frame, author=self.user, **wanted), status=201)


class Threads(WorkspaceListView[Thread]):
    """Every conversation of the workspace, newest first."""

    serializer_class = ThreadSerializer
    ordering = "-id"
    filter_backends: list[Any] = []

    @extend_schema(parameters=[ThreadsWantedSerializer])
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([selectors.thread_on_wire(thread) for thread in page or []])

    def get_queryset(self) -> QuerySet[Thread]:
        wanted = ThreadsWantedSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        found = selectors.threads_of(self.workspace)
        found = found.filter(~Q(frame__in=BlindTrial.frames_of(self.user)) | Q(created_by=self.user))
        if (open_ := wanted.validated_data["open"]) is not None:
            found = found.filter(resolved_at__isnull=open_)
        if drive := wanted.validated_data.get("drive"):
            found = found.filter(frame__drive=drive)
        if annotator := wanted.validated_data.get("annotator"):
            theirs = selectors.finished_by(annotator, selectors.discussed(self.workspace))
            found = found.filter(frame__in=theirs.values("id"))
        return found


class ThreadComments(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=TextSerializer, responses={201: ThreadSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Answer."""
        thread = get_object_or_404(selectors.threads_of(self.workspace), pk=pk)
        return _answer(
            threads.thread_answer(thread=thread, author=self.user, **_checked(TextSerializer, request)), status=201
        )


class ThreadResolve(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=ResolveSerializer, responses=ThreadSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Resolve, or open again. 412 `thread_changed` with the thread as it is, when more was said."""
        thread = get_object_or_404(selectors.threads_of(self.workspace), pk=pk)
        wanted = _checked(ResolveSerializer, request)
        version, resolved = wanted["version"], wanted["resolved"]
        return _answer(threads.thread_resolve(thread=thread, by=self.user, resolved=resolved, expected_version=version))


class CommentText(WorkspaceView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=EditCommentSerializer, responses=ThreadSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Put one's own comment in other words."""
        comment = get_object_or_404(selectors.comments_of(self.workspace), pk=pk)
        wanted = _checked(EditCommentSerializer, request)
        text, version = wanted["text"], wanted["version"]
        return _answer(threads.comment_edit(comment=comment, author=self.user, text=text, expected_version=version))


class FrameReviews(WorkspaceView):
    rights = {"GET": READ, "POST": AUDIT_REVIEW}

    @extend_schema(responses=FrameReviewsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The stage of review and every verdict, the newest first."""
        frame = get_object_or_404(frames_of(self.workspace), pk=pk)
        if trial_of(seen_by(self.user, frame)):
            return Response({"stage": Review.Stage.UNREVIEWED, "results": []})
        return Response(_reviews(frame))

    @extend_schema(
        request=ReviewWriteSerializer,
        responses={201: FrameReviewsSerializer},
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The frame's version.")],
    )
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Accept a frame, return it to its annotator with a comment, or open it for everybody."""
        frame = get_object_or_404(frames_of(self.workspace), pk=pk)
        wanted = _checked(ReviewWriteSerializer, request)
        frame_review(frame=frame, by=self.user, expected_version=if_match(request), **wanted)
        return Response(_reviews(frames_of(self.workspace).get(pk=pk)), status=201)


class ReviewFrames(WorkspaceListView[Frame]):
    """Frames of one stage of review."""

    serializer_class = ReviewRowSerializer
    ordering = ("-risk", "id")
    filter_backends: list[Any] = []

    @extend_schema(parameters=[ReviewRowsWantedSerializer])
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(selectors.review_rows(page or []))

    def get_queryset(self) -> QuerySet[Frame]:
        wanted = ReviewRowsWantedSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        stage = wanted.validated_data["stage"]
        frames = selectors.frames_in(self.workspace, stage).select_related("drive")
        if drive := wanted.validated_data.get("drive"):
            frames = frames.filter(drive=drive)
        annotator = self.user.id if wanted.validated_data["mine"] else wanted.validated_data.get("annotator")
        if annotator and (stage == Review.Stage.RETURNED or wanted.validated_data["mine"]):
            frames = frames.filter(id__in=selectors.returned_to(annotator, self.workspace))
        elif annotator:
            frames = selectors.finished_by(annotator, frames)
        return frames.exclude(id__in=BlindTrial.frames_of(self.user))


class ReviewSummary(WorkspaceView):
    @extend_schema(responses=ReviewCountsSerializer)
    def get(self, request: Request) -> Response:
        """How many frames are in each stage of review, and how many conversations are open."""
        return Response(selectors.review_counts(self.workspace, self.user))


def _reviews(frame: Frame) -> dict[str, Any]:
    reviews = list(selectors.reviews_of(frame))
    standing: Review | None = next((review for review in reviews if review.current), None)
    results = [selectors.review_on_wire(review) for review in reviews]
    return {"stage": selectors.stage_of(frame, standing), "results": results}


def _checked(serializer: Any, request: Request) -> dict[str, Any]:
    wanted = serializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)


def _answer(thread: Thread, status: int = 200) -> Response:
    return Response(selectors.thread_on_wire(thread), status=status)
