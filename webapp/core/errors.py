"""Expected failures of the domain: a stable code for the client, a sentence for the person."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """Becomes a problem document (RFC 9457) with `code`, `detail`, `fields` and any extra members."""

    status = 400

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        status: int | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.fields = dict(fields or {})
        self.extra = dict(extra or {})
        if status is not None:
            self.status = status


class Conflict(DomainError):
    """The state moved under the caller's feet (409)."""

    status = 409


class StaleVersion(DomainError):
    """`If-Match` named an older version (412); the current state is in `extra`."""

    status = 412


class Forbidden(DomainError):
    """The role does not allow it (403)."""

    status = 403
