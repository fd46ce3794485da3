"""REST of the control room. For owners alone."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import WORKSPACE_MANAGE
from webapp.accounts.selectors import limits_of
from webapp.control import selectors, services
from webapp.control.filters import ActFilter
from webapp.control.models import AdminAct, FootageRemoval
from webapp.control.removal import removal_request
from webapp.control.serializers import (
    AdminActSerializer,
    AllTokensSerializer,
    LimitsSerializer,
    RemovalSerializer,
    RemovalWriteSerializer,
    StorageSerializer,
)
from webapp.core.access import WorkspaceView
from webapp.core.errors import DomainError
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceDetailView, WorkspaceListView
from webapp.footage.models import Drive
from webapp.footage.selectors import drives_of

OWNERS = {"*": WORKSPACE_MANAGE}


class Acts(WorkspaceListView[AdminAct]):
    """The audit log, newest first."""

    queryset = AdminAct.objects.none()
    serializer_class = AdminActSerializer
    rights = OWNERS
    filterset_class = ActFilter

    def get_queryset(self) -> QuerySet[AdminAct]:
        return selectors.acts_of(self.workspace)


class Limits(WorkspaceView):
    rights = OWNERS

    @extend_schema(responses=LimitsSerializer)
    def get(self, request: Request) -> Response:
        return Response(LimitsSerializer(limits_of(self.workspace)).data)

    @extend_schema(request=LimitsSerializer, responses=LimitsSerializer)
    def patch(self, request: Request) -> Response:
        """Null takes a limit away."""
        wanted = LimitsSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        limits = services.limits_set(self.workspace, by=self.user, **wanted.validated_data)
        return Response(LimitsSerializer(limits).data)


class Storage(WorkspaceView):
    rights = OWNERS

    @extend_schema(responses=StorageSerializer)
    def get(self, request: Request) -> Response:
        """What takes how much, and the largest drives."""
        return Response(StorageSerializer(selectors.storage_report(self.workspace)).data)


class AllTokens(WorkspaceView):
    rights = OWNERS

    @extend_schema(responses=AllTokensSerializer)
    def get(self, request: Request) -> Response:
        """Whatever opens something here without a login: members' API tokens and devices' own."""
        found = {
            "people": selectors.api_tokens_of(self.workspace),
            "devices": selectors.device_tokens_of(self.workspace),
        }
        return Response(AllTokensSerializer(found).data)


class MemberToken(WorkspaceView):
    rights = OWNERS

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        services.api_token_revoke(self.workspace, key, by=self.user)
        return Response(status=204)


class LiveDeviceToken(WorkspaceView):
    rights = OWNERS

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """With it go all others of the same device."""
        services.device_token_revoke(self.workspace, pk, by=self.user)
        return Response(status=204)


class Removals(WorkspaceListView[FootageRemoval]):
    queryset = FootageRemoval.objects.none()
    serializer_class = RemovalSerializer
    rights = OWNERS

    def get_queryset(self) -> QuerySet[FootageRemoval]:
        return selectors.removals_of(self.workspace)

    @extend_schema(request=RemovalWriteSerializer, responses={201: RemovalSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Find every copy of a drive's footage, or of all that is older than some days, and remove it unless this is a dry run."""
        wanted = RemovalWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        if "drive" in values:
            values["drive"] = self._drive(values["drive"])
        made = removal_request(workspace=self.workspace, by=self.user, **values)
        return Response(RemovalSerializer(made).data, status=201)

    def _drive(self, id: int) -> Drive:
        drive = drives_of(self.workspace).filter(id=id).first()
        if drive is None:
            raise DomainError("unknown_drive", "There is no such drive here.", fields={"drive": "Unknown drive."})
        return drive


class RemovalDetail(WorkspaceDetailView[FootageRemoval]):
    queryset = FootageRemoval.objects.none()
    serializer_class = RemovalSerializer
    rights = OWNERS

    def get_queryset(self) -> QuerySet[FootageRemoval]:
        return selectors.removals_of(self.workspace)
