"""REST of the Explore page: galleries and how they are spread."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.core.access import WorkspaceView
from webapp.explore.asked import CROPS, FRAMES
from webapp.explore.gallery import crops_page
from webapp.explore.histograms import histograms
from webapp.explore.selectors import cursor_of, frames_page, place_of
from webapp.explore.serializers import (
    AskedOfKindSerializer,
    AskedSerializer,
    GalleryCropsSerializer,
    GalleryFramesSerializer,
    HistogramsSerializer,
    PageSerializer,
)


class GalleryView(WorkspaceView):
    """A page of the gallery, by keyset: the thousandth costs what the first does."""

    kind = ""

    def gallery(self, request: Request) -> Response:
        asked = AskedSerializer(data=request.query_params).asked(self.kind)
        page = PageSerializer(data=request.query_params)
        page.is_valid(raise_exception=True)
        read = frames_page if self.kind == FRAMES else crops_page
        place = place_of(page.validated_data["cursor"])
        rows, end = read(self.workspace, self.user, asked, size=page.validated_data["page_size"], after=place)
        return Response({"next": cursor_of(end), "results": rows})


class GalleryFrames(GalleryView):
    kind = FRAMES

    @extend_schema(responses=GalleryFramesSerializer, parameters=[AskedSerializer, PageSerializer])
    def get(self, request: Request) -> Response:
        """Frames, riskiest first."""
        return self.gallery(request)


class GalleryCrops(GalleryView):
    kind = CROPS

    @extend_schema(responses=GalleryCropsSerializer, parameters=[AskedSerializer, PageSerializer])
    def get(self, request: Request) -> Response:
        """Labels to cut out of their frames, riskiest first, those without a risk last. Without `box_state`, none that was taken away."""
        return self.gallery(request)


class Histograms(WorkspaceView):
    @extend_schema(responses=HistogramsSerializer, parameters=[AskedOfKindSerializer])
    def get(self, request: Request) -> Response:
        """How the gallery is spread over risk, score, size and hour. Each histogram leaves its own range out."""
        wanted = AskedOfKindSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response(histograms(self.workspace, self.user, wanted.asked(wanted.validated_data["kind"])))
