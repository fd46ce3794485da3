"""REST of invitations: made and withdrawn by owners, read and taken by whoever holds the link."""

from typing import ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.accounts.models import User
from webapp.accounts.rights import MEMBERS_WRITE
from webapp.control import invitations
from webapp.control.models import Invitation
from webapp.control.people_serializers import (
    AcceptedSerializer,
    AcceptSerializer,
    InvitationSerializer,
    InvitationTokenSerializer,
    InvitationWriteSerializer,
    InvitedSerializer,
    NewInvitationSerializer,
)
from webapp.core.access import WorkspaceView
from webapp.core.views import WorkspaceListView


class Invitations(WorkspaceListView[Invitation]):
    queryset = Invitation.objects.none()
    serializer_class = InvitationSerializer
    rights: ClassVar[dict[str, str]] = {"*": MEMBERS_WRITE}

    def get_queryset(self) -> QuerySet[Invitation]:
        return invitations.open_invitations(self.workspace)

    # Not `idempotent`: that keeps the answer, and this one holds a secret. A repeat replaces the first.
    @extend_schema(request=InvitationWriteSerializer, responses={201: NewInvitationSerializer})
    def post(self, request: Request) -> Response:
        """Invite by address; the link is in the answer, and in a letter where mail is sent."""
        wanted = InvitationWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made, token = invitations.invite(self.workspace, by=self.user, **wanted.validated_data)
        # Behind `#`: a browser sends that to no server, so it is in no log.
        link = request.build_absolute_uri(f"/join#{token}")
        told = InvitationSerializer(made).data | {"link": link, "mailed": invitations.letter_send(made, link)}
        return Response(told, status=201)


class InvitationDetail(WorkspaceView):
    rights: ClassVar[dict[str, str]] = {"*": MEMBERS_WRITE}

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(invitations.open_invitations(self.workspace), pk=pk)
        invitations.invitation_withdraw(found, by=self.user)
        return Response(status=204)


class Invited(APIView):
    permission_classes = [AllowAny]

    @extend_schema(request=InvitationTokenSerializer, responses=InvitedSerializer)
    def post(self, request: Request) -> Response:
        """What the link opens. A POST, so that the secret is in no address."""
        wanted = InvitationTokenSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(InvitedSerializer(invitations.invitation_of(wanted.validated_data["token"])).data)


class Accept(APIView):
    permission_classes = [AllowAny]

    @extend_schema(request=AcceptSerializer, responses={201: AcceptedSerializer})
    def post(self, request: Request) -> Response:
        """A new person with name and password, or who is logged in, takes the seat."""
        wanted = AcceptSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        asker = request.user if isinstance(request.user, User) else None
        user = invitations.invitation_accept(asker=asker, **wanted.validated_data)
        return Response(AcceptedSerializer(user).data, status=201)
