"""REST of the team: people and assignments."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import AUDIT_REVIEW, READ
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.team import selectors, services
from webapp.team.models import Assignment
from webapp.team.presence import present
from webapp.team.serializers import (
    AssignmentSerializer,
    AssignmentsSerializer,
    AssignmentWriteSerializer,
    EndSerializer,
    PeopleSerializer,
    PresenceSerializer,
)


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
