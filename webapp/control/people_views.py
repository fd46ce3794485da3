"""REST of a workspace's people. For owners alone."""

from typing import ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.models import Membership
from webapp.accounts.rights import MEMBERS_WRITE, WORKSPACE_MANAGE
from webapp.control import people
from webapp.control.people_serializers import MemberChangeSerializer, MemberSerializer, WorkspaceRulesSerializer
from webapp.core.access import WorkspaceView
from webapp.core.views import WorkspaceListView


class WorkspaceRules(WorkspaceView):
    rights: ClassVar[dict[str, str]] = {"*": WORKSPACE_MANAGE}

    @extend_schema(responses=WorkspaceRulesSerializer)
    def get(self, request: Request) -> Response:
        return Response(WorkspaceRulesSerializer(self.workspace).data)

    @extend_schema(request=WorkspaceRulesSerializer, responses=WorkspaceRulesSerializer)
    def patch(self, request: Request) -> Response:
        """Its name, and of which roles a second step of the login is asked."""
        wanted = WorkspaceRulesSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        people.workspace_change(self.workspace, by=self.user, **wanted.validated_data)
        return Response(WorkspaceRulesSerializer(self.workspace).data)


class Members(WorkspaceListView[Membership]):
    """Who is here: roles, last visit, whether there is a second step, who was switched off."""

    queryset = Membership.objects.none()
    serializer_class = MemberSerializer
    rights: ClassVar[dict[str, str]] = {"*": MEMBERS_WRITE}

    def get_queryset(self) -> QuerySet[Membership]:
        return people.members_of(self.workspace)


class MemberDetail(WorkspaceView):
    rights: ClassVar[dict[str, str]] = {"*": MEMBERS_WRITE}

    @extend_schema(request=MemberChangeSerializer, responses=MemberSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Another role; switched off or on again."""
        member = get_object_or_404(people.members_of(self.workspace), pk=pk)
        wanted = MemberChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        if "role" in wanted.validated_data:
            people.member_change_role(member, wanted.validated_data["role"], by=self.user)
        if "active" in wanted.validated_data:
            people.member_switch(member, active=wanted.validated_data["active"], by=self.user)
        return Response(MemberSerializer(member).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        people.member_remove(get_object_or_404(people.members_of(self.workspace), pk=pk), by=self.user)
        return Response(status=204)


class MemberSecondFactor(WorkspaceView):
    rights: ClassVar[dict[str, str]] = {"*": MEMBERS_WRITE}

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """For who lost phone and recovery codes."""
        people.member_clear_second_factor(get_object_or_404(people.members_of(self.workspace), pk=pk), by=self.user)
        return Response(status=204)
