"""The one HTML document of the page; the router in it knows the rest."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie


@never_cache
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """Carries the CSP nonce that Mantine's style elements need."""
    return render(request, "page.html")
