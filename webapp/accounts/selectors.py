"""Reads of people and workspaces."""

from typing import Any

from django.db.models import QuerySet
from knox.models import AuthToken

from webapp.accounts.models import Membership, User, Workspace, WorkspaceLimits


def memberships_of(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("workspace").order_by("id")


def tokens_of(user: User) -> "QuerySet[AuthToken]":
    return AuthToken.objects.filter(user=user).order_by("-created")  # type: ignore[no-any-return]  # knox has no types


def keys_of(user: User) -> dict[str, Any]:
    """The keys as the person set them, else the product's own."""
    return {"profile": "default", "single_keys": True, "keys": {}, **(user.keys or {}), "chosen": user.keys is not None}


def limits_of(workspace: Workspace, *, lock: bool = False) -> WorkspaceLimits:
    """As they were set; without limits where nobody set any. Locked, nobody else asks what is left until this transaction ends."""
    rows = WorkspaceLimits.objects.select_for_update() if lock else WorkspaceLimits.objects.all()
    return rows.filter(workspace=workspace).first() or WorkspaceLimits(workspace=workspace)
