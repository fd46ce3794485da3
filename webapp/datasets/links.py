"""Signed links: a URL that downloads one file of one version until it expires, without a login.

Whether the maker may is asked when the link is made; what it opens and until when is in the signature, so that nothing of it can be changed.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.utils import timezone

from webapp.accounts.models import User
from webapp.core.errors import DomainError
from webapp.datasets.models import DatasetVersion, ExportLink

SALT = "datasets.export-link"
LONGEST = timedelta(days=7)


def link_create(
    *, version: DatasetVersion, what: str, split: str | None, lasts: timedelta, created_by: User
) -> tuple[ExportLink, str]:
    """The row that remembers who gave it out, and the path with its signature."""
    row = ExportLink.objects.create(
        version=version, what=what, split=split or "", expires_at=timezone.now() + lasts, created_by=created_by
    )
    query = {"split": split} if split else {}
    signed = signing.dumps(_scope(version.id, what, split) | {"until": row.expires_at.timestamp()}, salt=SALT)
    return row, f"/api/v1/dataset-versions/{version.id}/{what}/?{urlencode(query | {'link': signed})}"


def link_check(link: str, *, version: int, what: str, split: str | None) -> None:
    """Raises: DomainError `link_invalid` (altered, or made for another file), `link_expired`."""
    try:
        content: dict[str, Any] = signing.loads(link, salt=SALT)
        until = datetime.fromtimestamp(content.pop("until"), tz=timezone.get_current_timezone())
    except signing.BadSignature:
        content, until = {}, timezone.now()
    if content != _scope(version, what, split):
        raise DomainError("link_invalid", "This link was altered, or was made for another file.", status=403)
    if until <= timezone.now():
        raise DomainError("link_expired", f"This link ended at {until:%Y-%m-%d %H:%M %Z}. Ask for another.", status=403)


def _scope(version: int, what: str, split: str | None) -> dict[str, Any]:
    return {"version": version, "what": what, "split": split or ""}
