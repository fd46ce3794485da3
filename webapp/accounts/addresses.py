"""Addresses come with an invitation and stay: whoever adds one could be found by it at a company login, or be sent what is not theirs."""

from django.http import HttpRequest, JsonResponse


def addresses_closed(request: HttpRequest, client: str) -> JsonResponse:
    """In the place of allauth's own list of a person's addresses, for every method."""
    problem = {
        "type": "about:blank",
        "title": "addresses closed",
        "status": 403,
        "code": "addresses_closed",
        "detail": "An account has the address that it was invited by. Ask an owner for an invitation to another one.",
        "fields": {},
    }
    return JsonResponse(problem, status=403, content_type="application/problem+json")
