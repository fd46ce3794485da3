"""REST of tracks: what waits on a drive, one track as a filmstrip, and a decision about all of it."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_WRITE
from webapp.core.access import WorkspaceView
from webapp.footage.selectors import drives_of
from webapp.labels.models import Track
from webapp.labels.track_serializers import (
    TrackDetailSerializer,
    TrackOperationSerializer,
    TrackResultSerializer,
    TracksSerializer,
    TracksWantedSerializer,
)
from webapp.labels.track_services import track_apply
from webapp.labels.tracks import open_tracks, track_detail, track_in


class Tracks(WorkspaceView):
    @extend_schema(operation_id="tracks_open", responses=TracksSerializer, parameters=[TracksWantedSerializer])
    def get(self, request: Request) -> Response:
        """A drive's tracks with a box that waits for a decision, riskiest first."""
        wanted = TracksWantedSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        drive = get_object_or_404(drives_of(self.workspace), pk=wanted.validated_data["drive"])
        return Response({"results": open_tracks(drive)})


class TrackView(WorkspaceView):
    def track(self, pk: int) -> Track:
        track = track_in(self.workspace, pk)
        if track is None:
            raise Http404
        return track


class TrackDetail(TrackView):
    @extend_schema(responses=TrackDetailSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(track_detail(self.track(pk), self.user))


class TrackOperations(TrackView):
    rights = {"*": AUDIT_WRITE}

    @extend_schema(request=TrackOperationSerializer, responses=TrackResultSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Decide about a whole track, all of its boxes or none. Repeating a request is harmless; 412 names the frames that moved."""
        track = self.track(pk)
        wanted = TrackOperationSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(track_apply(track=track, wanted=wanted.validated_data, actor=self.user))
