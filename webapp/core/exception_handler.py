"""The one shape of every API error: `application/problem+json` (RFC 9457)."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ml.errors import MlError
from webapp.core.errors import DomainError
from webapp.core.throttling import RefusedThrottle

CONTENT_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str, *, fields: dict[str, str] | None = None, **extra: Any) -> Response:
    """A problem document as a response."""
    body = {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code, "detail": detail}
    return Response({**body, "fields": fields or {}, **extra}, status=status, content_type=CONTENT_TYPE)


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Shape `error`; None for what nobody expected, which then becomes a 500 with a traceback in the log."""
    set_rollback()
    match error:
        case DomainError():
            return problem(error.status, error.code, error.detail, fields=error.fields, **error.extra)
        case MlError():
            return problem(400, error.code, error.detail, hint=error.hint)
        case exceptions.ValidationError():
            return problem(400, "invalid", "Some fields need another value.", fields=_flat(error.detail))
        case ModelValidationError():
            return problem(400, "invalid", "Some fields need another value.", fields=_flat_model(error))
        case Http404():
            return problem(404, "not_found", "There is no such thing here.")
        case PermissionDenied():
            return problem(403, "permission_denied", "Your role does not allow this.")
        case OperationalError():
            return _database_problem(error)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return _refused(error, context)
        case exceptions.APIException():
            return _api_problem(error)
    return None


def _database_problem(error: OperationalError) -> Response:
    """The database did not do it: nothing was written, and the same request may be sent again."""
    logger.error("the database refused: %s", error)
    if "disk" in str(error) or "No space" in str(error):
        return problem(507, "storage_full", "The server's disk is full. Make room, then go on: nothing is lost.")
    response = problem(503, "database_busy", "The database did not answer in time. Nothing was changed; try again.")
    response["Retry-After"] = "1"
    return response


def _refused(error: exceptions.APIException, context: dict[str, Any]) -> Response:
    """DRF counts after it has looked at the login: who shows none or a wrong one is counted here."""
    throttle = RefusedThrottle()
    if throttle.allow_request(context["request"], context["view"]):
        return _api_problem(error)
    return _api_problem(exceptions.Throttled(throttle.wait()))


def _api_problem(error: exceptions.APIException) -> Response:
    code = error.get_codes()
    response = problem(error.status_code, code if isinstance(code, str) else "invalid", str(error.detail))
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response


def _flat(detail: Any, path: str = "") -> dict[str, str]:
    """{"a": ["x"], "b": [{"c": ["y"]}]} -> {"a": "x", "b.0.c": "y"}."""
    if isinstance(detail, dict):
        return {k: v for key, value in detail.items() for k, v in _flat(value, f"{path}.{key}".lstrip(".")).items()}
    if isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        return {k: v for i, value in enumerate(detail) for k, v in _flat(value, f"{path}.{i}".lstrip(".")).items()}
    if isinstance(detail, list):
        return {path or "non_field_errors": " ".join(map(str, detail))}
    return {path or "non_field_errors": str(detail)}


def _flat_model(error: ModelValidationError) -> dict[str, str]:
    if hasattr(error, "error_dict"):
        return {name: " ".join(messages) for name, messages in error.message_dict.items()}
    return {"non_field_errors": " ".join(error.messages)}
