"""When a person was last here, and from where each of their sessions was last used: written at most once in five minutes."""

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from webapp.accounts.models import User

EVERY_S = 300


class LastSeen:
    """Middleware. allauth's own writes a row with every request: twenty thumbnails would be twenty writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"seen:{key}", 1, EVERY_S):
            with transaction.atomic():
                UserSession.objects.create_from_request(request)
                User.objects.filter(id=request.user.id).update(last_seen_at=timezone.now())
        return self.get_response(request)
