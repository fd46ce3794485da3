"""Session login for the page: like DRF's, but a missing login is 401 and not 403."""

from rest_framework.authentication import SessionAuthentication as BaseSessionAuthentication
from rest_framework.request import Request


class SessionAuthentication(BaseSessionAuthentication):
    """Answers 401 so that the page knows to ask for a login and keep the work meanwhile."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
