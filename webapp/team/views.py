"""REST of the team: people, where they are, what they were given, and what they did."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW, READ
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceListView
from webapp.labels.models import BoxEvent
from webapp.team import selectors, services
from webapp.team.models import Assignment
from webapp.team.presence import present
from webapp.team.serializers import (
    AssignmentSerializer,
    AssignmentsSerializer,
    AssignmentWriteSerializer,
    DecisionSerializer,
    DecisionsWantedSerializer,
    EndSerializer,
    PeopleSerializer,
    PresenceSerializer,
    SinceSerializer,
    TeamSerializer,
)
from webapp.team.speed import decisions, people_report


class People(WorkspaceView):
    @extend_schema(responses=PeopleSerializer)
    def get(self, request: Request) -> Response:
        """The members who may audit."""
        return Response({"results": selectors.people(self.workspace)})


class PresentPeople(WorkspaceView):
    @extend_schema(responses=PresenceSerializer)
    def get(self, request: Request) -> Response:
        """Who is at the desk or the grid now, and on which frame."""
        return Response({"results": present(self.workspace)})


class Team(WorkspaceView):
    @extend_schema(responses=TeamSerializer, parameters=[SinceSerializer])
    def get(self, request: Request) -> Response:
        """Who audited how much, how fast, and what came back, over the last days."""
        wanted = SinceSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response({"results": people_report(self.workspace, since=_since(wanted.validated_data["days"]))})


class Decisions(WorkspaceListView[BoxEvent]):
    """The decisions that the team's figures count, newest first; one's own alone without the right to review."""

    serializer_class = DecisionSerializer
    ordering = "-id"
    filter_backends: list[Any] = []

    @extend_schema(parameters=[DecisionsWantedSerializer])
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response([selectors.decision_on_wire(event) for event in page or []])

    def get_queryset(self) -> QuerySet[BoxEvent]:
        wanted = DecisionsWantedSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        found = decisions(self.workspace, since=_since(wanted.validated_data["days"]))
        if AUDIT_REVIEW not in self.granted:  # who has been on a frame before would tell a blind trial
            found = found.filter(actor=self.user)
        if user := wanted.validated_data.get("user"):
            found = found.filter(actor=user)
        return found.select_related("actor", "frame__drive", "box__category")


class Assignments(WorkspaceView):
    rights = {"GET": READ, "POST": AUDIT_REVIEW}

    @extend_schema(responses=AssignmentsSerializer, parameters=[OpenApiParameter("mine", bool)])
    def get(self, request: Request) -> Response:
        """What is given to whom now, with how far it is; `mine` for one's own."""
        found = selectors.assignments_of(self.workspace)
        if request.query_params.get("mine") == "true":
            found = found.filter(user=self.user)
        return Response({"results": [selectors.assignment_on_wire(assignment) for assignment in found]})

    @extend_schema(request=AssignmentWriteSerializer, responses={201: AssignmentSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Give a drive, a category, or a category of a drive to a person."""
        wanted = AssignmentWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = services.assignment_make(workspace=self.workspace, by=self.user, **wanted.validated_data)
        return Response(selectors.assignment_on_wire(made), status=201)


class AssignmentEnd(WorkspaceView):
    rights = {"*": AUDIT_REVIEW}

    @extend_schema(request=EndSerializer, responses=AssignmentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take it back; `ended: false` gives it again."""
        assignment = get_object_or_404(Assignment.objects.filter(workspace=self.workspace), pk=pk)
        wanted = EndSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        changed = services.assignment_end(assignment, ended=wanted.validated_data["ended"])
        return Response(selectors.assignment_on_wire(changed))


def _since(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
