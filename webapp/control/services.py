"""Writes of the control room: limits and tokens."""

from typing import Any

from django.db import transaction

from webapp.accounts.models import User, Workspace, WorkspaceLimits
from webapp.control.acts import act_record
from webapp.control.selectors import api_tokens_of, device_tokens_of
from webapp.core.errors import DomainError
from webapp.fleet.tokens import tokens_revoke

LIMITS = (
    "max_store_bytes",
    "max_upload_bytes",
    "retention_days",
    "gps_decimals",
    "blur_at_ingest",
    "audit_hour_cost",
)


@transaction.atomic
def limits_set(workspace: Workspace, *, by: User, **values: Any) -> WorkspaceLimits:
    """From now on; what is there already stays, but for what retention takes."""
    limits, _ = WorkspaceLimits.objects.select_for_update().get_or_create(workspace=workspace)
    before = {name: getattr(limits, name) for name in LIMITS}
    for name, value in values.items():
        setattr(limits, name, value)
    limits.save()
    after = {name: getattr(limits, name) for name in LIMITS}
    act_record("limits.changed", workspace, workspace=workspace, actor=by, before=before, after=after)
    return limits


@transaction.atomic
def api_token_revoke(workspace: Workspace, key: str, *, by: User) -> None:
    """A member's token, known by its first characters. Raises: DomainError `not_found` (404)."""
    token = api_tokens_of(workspace).filter(token_key=key).first()
    if token is None:
        raise DomainError("not_found", "No member has such a token.", status=404)
    told = {"key": token.token_key, "owner": token.user.email}
    act_record("api_token.revoked", f"{key}… of {token.user}", workspace=workspace, actor=by, before=told)
    token.delete()


@transaction.atomic
def device_token_revoke(workspace: Workspace, id: int, *, by: User) -> None:
    """All tokens of the device that this one belongs to: a lost device has lost them all. Raises: DomainError `not_found` (404)."""
    token = device_tokens_of(workspace).filter(id=id).first()
    if token is None:
        raise DomainError("not_found", "No device has such a token.", status=404)
    count = tokens_revoke(token.device)
    act_record("device_token.revoked", token.device, workspace=workspace, actor=by, before={"count": count})
