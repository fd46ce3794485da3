"""REST of Home."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.core.access import WorkspaceView
from webapp.dashboards.selectors import overview
from webapp.dashboards.serializers import OverviewSerializer


class Overview(WorkspaceView):
    @extend_schema(responses=OverviewSerializer)
    def get(self, request: Request) -> Response:
        return Response(overview(self.workspace, self.user))
