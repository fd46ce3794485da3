"""REST of second opinions: where two people differ, a lead's verdict, and how far people agree. For leads alone."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW
from webapp.consensus import selectors, services
from webapp.consensus.models import Disagreement
from webapp.consensus.serializers import (
    AgreementSerializer,
    DisagreementSerializer,
    DisagreementsWantedSerializer,
    VerdictSerializer,
)
from webapp.core.access import WorkspaceView
from webapp.core.views import WorkspaceListView
from webapp.team.serializers import SinceSerializer


class Disagreements(WorkspaceListView[Disagreement]):
    """What two people left differently, oldest first; the settled ones when asked for."""

    rights = {"*": AUDIT_REVIEW}
    serializer_class = DisagreementSerializer
    ordering = "id"
    filter_backends: list[Any] = []

    @extend_schema(parameters=[DisagreementsWantedSerializer])
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(selectors.on_wire(list(page or [])))

    def get_queryset(self) -> QuerySet[Disagreement]:
        wanted = DisagreementsWantedSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        return selectors.disagreements_of(self.workspace).filter(settled_at__isnull=wanted.validated_data["open"])


class DisagreementVerdict(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(request=VerdictSerializer, responses=DisagreementSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take one or the other, or say that it is mended at the desk. 409 `settled_already`, `label_changed`, `lease_held`."""
        wanted = VerdictSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return self._told(services.disagreement_settle(self._row(pk), by=self.user, **wanted.validated_data))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the verdict back, with what it did to the frame. 409 `not_last_change` where the label was changed since."""
        services.disagreement_reopen(self._row(pk), by=self.user)
        return Response(status=204)

    def _row(self, pk: int) -> Disagreement:
        return get_object_or_404(selectors.disagreements_of(self.workspace), pk=pk)

    def _told(self, row: Disagreement) -> Response:
        return Response(selectors.on_wire([self._row(row.id)])[0])


class Agreement(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(responses=AgreementSerializer, parameters=[SinceSerializer])
    def get(self, request: Request) -> Response:
        """Krippendorff's alpha and mean IoU of the frames that two people finished: of all, by pair of people, by category."""
        wanted = SinceSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        since = timezone.now() - timedelta(days=wanted.validated_data["days"])
        return Response(selectors.agreement(self.workspace, since=since))
