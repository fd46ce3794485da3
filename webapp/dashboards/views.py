"""REST of the dashboards."""

import csv
import io

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.core.access import WorkspaceView
from webapp.core.spreadsheet import as_text
from webapp.dashboards.balance import class_balance
from webapp.dashboards.digest import digest_of
from webapp.dashboards.ledger import ledger
from webapp.dashboards.selectors import ap_over_time, day_figures, figures_as_rows, overview
from webapp.dashboards.serializers import (
    DayFiguresSerializer,
    DaysSerializer,
    DigestSerializer,
    LedgerSerializer,
    OverviewSerializer,
    WeeksSerializer,
)


class Overview(WorkspaceView):
    @extend_schema(responses=OverviewSerializer)
    def get(self, request: Request) -> Response:
        return Response(overview(self.workspace, self.user))


class Figures(WorkspaceView):
    @extend_schema(parameters=[DaysSerializer], responses=DayFiguresSerializer)
    def get(self, request: Request) -> Response:
        found = day_figures(self.workspace, days=_days(request), granted=self.granted)
        return Response({**found, "ap": ap_over_time(self.workspace), "balance": class_balance(self.workspace)})


class Ledger(WorkspaceView):
    @extend_schema(responses=LedgerSerializer)
    def get(self, request: Request) -> Response:
        """AP gained by auditing: each evaluation against the one before it on the same data, and what was spent between."""
        return Response(LedgerSerializer(ledger(self.workspace)).data)


class Digest(WorkspaceView):
    @extend_schema(parameters=[WeeksSerializer], responses=DigestSerializer)
    def get(self, request: Request) -> Response:
        """A week (Monday to Sunday, UTC) beside the one before it; `back=0` is the one that runs."""
        asked = WeeksSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(DigestSerializer(digest_of(self.workspace, weeks_back=asked.validated_data["back"])).data)


class FiguresCsv(WorkspaceView):
    @extend_schema(parameters=[DaysSerializer], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        """The same figures, one a line."""
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(["day", "series", "part", "unit", "value"])
        rows = figures_as_rows(self.workspace, days=_days(request), granted=self.granted)
        table.writerows([day, series, as_text(part), unit, value] for day, series, part, unit, value in rows)
        headers = {"Content-Disposition": 'attachment; filename="headway-figures.csv"'}
        return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _days(request: Request) -> int:
    asked = DaysSerializer(data=request.query_params)
    asked.is_valid(raise_exception=True)
    days: int = asked.validated_data["days"]
    return days
