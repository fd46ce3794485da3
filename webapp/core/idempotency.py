"""`Idempotency-Key`: a repeated write gets the first answer and changes nothing."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.accounts.models import User
from webapp.core.errors import DomainError
from webapp.core.models import IdempotencyRecord

Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """For a view's `post`: the record and the write are one transaction, so a crash leaves both or none.

    Raises:
        DomainError `idempotency_key_reused` (422): the key came before with another request.
    """

    @wraps(handler)
    def wrapped(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")[:200]
        if not key:
            return handler(view, request, *args, **kwargs)
        digest = _digest(request)
        if (known := _answer(view.user, key, digest)) is not None:
            return known
        try:
            with transaction.atomic():
                record = IdempotencyRecord.objects.create(
                    user=view.user, key=key, request_digest=digest, status=0, body=None
                )
                response = handler(view, request, *args, **kwargs)
                record.status, record.body = (
                    response.status_code,
                    orjson.loads(orjson.dumps(response.data, default=str)),
                )
                record.save(update_fields=["status", "body"])
                return response
        except IntegrityError:
            # Two at once: the other one has won, its answer is ours too.
            if (known := _answer(view.user, key, digest)) is None:
                raise
            return known

    return wrapped


def _answer(user: User, key: str, digest: str) -> Response | None:
    record = IdempotencyRecord.objects.filter(user=user, key=key).first()
    if record is None:
        return None
    if record.request_digest != digest:
        raise DomainError(
            "idempotency_key_reused", "This Idempotency-Key came with another request before.", status=422
        )
    return Response(record.body, status=record.status)


def _digest(request: Request) -> str:
    body = orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(f"{request.method} {request.path} ".encode() + body).hexdigest()
