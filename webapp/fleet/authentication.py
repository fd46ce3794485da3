"""Devices prove themselves with `Authorization: Device <token>`; they are no users and see their own rows alone."""

from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from webapp.core.errors import Forbidden
from webapp.core.throttling import CountedInBlocks
from webapp.fleet.models import Device, DeviceToken
from webapp.fleet.tokens import digest_of


class DeviceAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[Device, DeviceToken] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme != "Device":
            return None
        found = DeviceToken.objects.filter(digest=digest_of(token)).select_related("device__workspace").first()
        if found is None or found.revoked_at or (found.expires_at and found.expires_at <= timezone.now()):
            raise AuthenticationFailed("This token is unknown, revoked or has expired.")
        return found.device, found

    def authenticate_header(self, request: Request) -> str:
        return "Device"


class IsDevice(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        if not isinstance(request.user, Device):
            raise Forbidden("not_a_device", "Only devices speak here.")
        return True


class DeviceThrottle(CountedInBlocks):
    """One device's share; a device gone wild must not take the others' room."""

    rate = "1200/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"device-throttle-{request.user.pk}" if isinstance(request.user, Device) else None


class DeviceView(APIView):
    """A view for one device: `self.device` is who asks, and nothing else may be looked up."""

    authentication_classes = [DeviceAuthentication]
    permission_classes = [IsDevice]
    throttle_classes = [DeviceThrottle]

    @property
    def device(self) -> Device:
        assert isinstance(self.request.user, Device)
        return self.request.user


class DeviceScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes a device's token."""

    target_class = "webapp.fleet.authentication.DeviceAuthentication"
    name = "device"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Device <token>"}
