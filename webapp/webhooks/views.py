"""REST of webhooks. For owners alone: what is told leaves the house."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.rights import WORKSPACE_MANAGE
from webapp.core.access import WorkspaceView
from webapp.core.idempotency import idempotent
from webapp.core.views import WorkspaceListView
from webapp.webhooks import services
from webapp.webhooks.filters import DeliveryFilter
from webapp.webhooks.models import Delivery, Webhook
from webapp.webhooks.selectors import deliveries_of, webhooks_of
from webapp.webhooks.serializers import (
    DeliverySerializer,
    NewWebhookSerializer,
    WebhookChangeSerializer,
    WebhookSerializer,
    WebhookWriteSerializer,
)


class ManageView(WorkspaceView):
    rights = {"*": WORKSPACE_MANAGE}

    def hook(self, pk: int) -> Webhook:
        return get_object_or_404(webhooks_of(self.workspace), pk=pk)


class Webhooks(ManageView):
    @extend_schema(responses=WebhookSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response({"results": WebhookSerializer(webhooks_of(self.workspace), many=True).data})

    @extend_schema(request=WebhookWriteSerializer, responses={201: NewWebhookSerializer})
    def post(self, request: Request) -> Response:
        """Tell an address of events. The answer holds the secret, once."""
        wanted = WebhookWriteSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = services.webhook_create(workspace=self.workspace, by=self.user, **wanted.validated_data)
        return Response(NewWebhookSerializer(made).data, status=201)


class WebhookDetail(ManageView):
    @extend_schema(request=WebhookChangeSerializer, responses=WebhookSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        wanted = WebhookChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(
            WebhookSerializer(services.webhook_change(self.hook(pk), by=self.user, **wanted.validated_data)).data
        )

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        services.webhook_delete(self.hook(pk), by=self.user)
        return Response(status=204)


class WebhookSecret(ManageView):
    @extend_schema(request=None, responses=NewWebhookSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Another secret, shown once; the old one is void at once."""
        return Response(NewWebhookSerializer(services.webhook_secret_renew(self.hook(pk), by=self.user)).data)


class WebhookPing(ManageView):
    @extend_schema(request=None, responses={201: DeliverySerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Send a test; what became of it is in the log."""
        return Response(DeliverySerializer(services.webhook_ping(self.hook(pk))).data, status=201)


class Deliveries(WorkspaceListView[Delivery]):
    queryset = Delivery.objects.none()
    serializer_class = DeliverySerializer
    rights = {"*": WORKSPACE_MANAGE}
    filterset_class = DeliveryFilter
    ordering = ["-created_at"]

    def get_queryset(self) -> QuerySet[Delivery]:
        return deliveries_of(self.workspace)


class DeliveryRepeat(ManageView):
    @extend_schema(request=None, responses=DeliverySerializer)
    @idempotent
    def post(self, request: Request, pk: Any) -> Response:
        """Send it again, as it was. 409 while it is on its way."""
        delivery = get_object_or_404(deliveries_of(self.workspace), pk=pk)
        return Response(DeliverySerializer(services.delivery_repeat(delivery)).data)
