"""People who ask, as in the tests of the web."""

from tests.webapp.conftest import client, client_of, member, rung, workspace

__all__ = ["client", "client_of", "member", "rung", "workspace"]
