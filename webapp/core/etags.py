"""What a client has already: If-None-Match as RFC 9110 compares it, lists and weak tags included."""

from django.http import HttpRequest
from django.utils.http import parse_etags
from rest_framework.request import Request


def has_already(request: HttpRequest | Request, etag: str) -> bool:
    """Whether the asker holds this state, so that 304 says enough. A proxy that compresses makes a tag weak; the content is the same."""
    held = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in held or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in held}
