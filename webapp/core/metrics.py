"""Prometheus' page: for the staff's browsers, and for a scraper that knows `METRICS_TOKEN`. Without a token set, for staff alone."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_prometheus.exports import ExportToDjangoView


def metrics(request: HttpRequest) -> HttpResponse:
    """403 for everybody else: counts by view tell how a place works."""
    if _knows_token(request) or (request.user.is_authenticated and request.user.is_staff):
        page: HttpResponse = ExportToDjangoView(request)
        return page
    return HttpResponse("Give METRICS_TOKEN as a bearer token.\n", status=403, content_type="text/plain")


def _knows_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given, settings.METRICS_TOKEN.encode())
