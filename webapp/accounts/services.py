"""Writes of people and workspaces."""

import secrets
from typing import Any

from django.db import transaction
from knox.models import AuthToken

from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.selectors import tokens_of
from webapp.config.env import env
from webapp.control.acts import act_record
from webapp.core.errors import DomainError

FIRST_OWNER = "owner@headway.local"


@transaction.atomic
def workspace_create(*, name: str, slug: str, owner: User) -> Workspace:
    workspace = Workspace.objects.create(name=name, slug=slug)
    Membership.objects.create(workspace=workspace, user=owner, role=Membership.Role.OWNER)
    return workspace


def owner_create(email: str, password: str = "") -> tuple[User, str]:
    """An owner of the installation, staff included, and the password: the given one or a random one."""
    chosen = password or secrets.token_urlsafe(12)
    return User.objects.create_user(email, chosen, is_staff=True, is_superuser=True, name="Owner"), chosen


@transaction.atomic
def first_owner() -> tuple[User, str | None]:
    """The installation's first owner, with the password when it was made just now; nobody can read it later."""
    owner = User.objects.filter(is_superuser=True).order_by("id").first()
    if owner:
        return owner, None
    given = env.str("HEADWAY_OWNER_PASSWORD", default="")
    owner, password = owner_create(env.str("HEADWAY_OWNER_EMAIL", default=FIRST_OWNER), given)
    return owner, None if given else password


def keys_choose(*, user: User, keys: dict[str, Any]) -> None:
    """Keep what `KeysSerializer` let through; the last word counts, as a person is at one machine at a time."""
    user.keys = keys
    user.save(update_fields=["keys"])


@transaction.atomic
def token_create(workspace: Workspace, user: User) -> tuple[AuthToken, str]:
    """A person's own token and its secret, which nobody can read later."""
    row, token = AuthToken.objects.create(user=user)
    act_record("api_token.made", f"{row.token_key}… of {user}", workspace=workspace, actor=user)
    return row, token


@transaction.atomic
def token_delete(workspace: Workspace, user: User, key: str) -> None:
    """Raises: DomainError `not_found` (404)."""
    gone, _ = tokens_of(user).filter(token_key=key).delete()
    if not gone:
        raise DomainError("not_found", "You have no such token.", status=404)
    act_record("api_token.revoked", f"{key}… of {user}", workspace=workspace, actor=user)
