"""REST of people: who am I, and my tokens."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.second_factor import setup_picture
from webapp.accounts.selectors import keys_of, memberships_of, tokens_of
from webapp.accounts.serializers import (
    KeysSerializer,
    KeysWithOriginSerializer,
    MeSerializer,
    NewTokenSerializer,
    TokenSerializer,
)
from webapp.accounts.services import keys_choose
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError


class Me(WorkspaceView):
    without_second_factor = True

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        me = {
            "id": self.user.id,
            "email": self.user.email,
            "name": str(self.user),
            "workspace": self.workspace,
            "role": self.membership.role,
            "rights": sorted(self.granted),
            "workspaces": memberships_of(self.user),
            "staff": self.user.is_staff,
            "second_factor_needed": self.second_factor_missing,
        }
        return Response(MeSerializer(me).data)


class Keys(WorkspaceView):
    """A person's own keys of the desk: the same on every machine and in every workspace."""

    @extend_schema(responses=KeysWithOriginSerializer)
    def get(self, request: Request) -> Response:
        return Response(KeysWithOriginSerializer(keys_of(self.user)).data)

    @extend_schema(request=KeysSerializer, responses=KeysWithOriginSerializer)
    def put(self, request: Request) -> Response:
        wanted = KeysSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        keys_choose(user=self.user, keys=wanted.validated_data)
        return Response(KeysWithOriginSerializer(keys_of(self.user)).data)


class SecondFactorPicture(WorkspaceView):
    without_second_factor = True

    @extend_schema(responses={(200, "image/svg+xml"): bytes})
    def get(self, request: Request) -> HttpResponse:
        """The QR code of the second step that is being set up in the page. An app on the phone reads it."""
        picture = setup_picture(request._request)
        return HttpResponse(picture, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


class Tokens(WorkspaceView):
    """A person's own tokens for scripts, with that person's rights."""

    @extend_schema(responses=TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response({"results": TokenSerializer(tokens_of(self.user), many=True).data})

    @extend_schema(request=None, responses={201: NewTokenSerializer})
    def post(self, request: Request) -> Response:
        row, token = AuthToken.objects.create(user=self.user)
        return Response({"token": token, "key": row.token_key, "expiry": row.expiry}, status=201)


class Token(WorkspaceView):
    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        gone, _ = tokens_of(self.user).filter(token_key=key).delete()
        if not gone:
            raise DomainError("not_found", "You have no such token.", status=404)
        return Response(status=204)
