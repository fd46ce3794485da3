"""The people of a workspace: their roles, who was switched off, who left. One owner always stays."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from knox.models import AuthToken

from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.second_factor import CODES_OF_AN_APP, has_second_factor
from webapp.control.acts import act_record
from webapp.core.errors import Conflict


def members_of(workspace: Workspace) -> QuerySet[Membership]:
    """With `second_factor`: whether the person has one."""
    has_codes = Authenticator.objects.filter(user=OuterRef("user"), type=CODES_OF_AN_APP)
    found = Membership.objects.filter(workspace=workspace).select_related("user")
    return found.annotate(second_factor=Exists(has_codes))


@transaction.atomic
def member_change_role(member: Membership, role: str, *, by: User) -> None:
    """Raises: Conflict `last_owner`."""
    if role != Membership.Role.OWNER:
        _keep_an_owner(member)
    before, member.role = member.role, role
    member.save(update_fields=["role", "updated_at"])
    _record("member.role_changed", member, by, before={"role": before}, after={"role": role})


@transaction.atomic
def member_switch(member: Membership, *, active: bool, by: User) -> None:
    """Off: no login, no token and no session of this person opens anything; what they did stays.

    Raises: Conflict `last_owner`, `member_elsewhere` where it would close another workspace to them too.
    """
    if not active:
        _keep_an_owner(member)
    if member.user.memberships.exclude(workspace=member.workspace).exists():
        raise Conflict("member_elsewhere", "This person is in other workspaces too: remove them from this one instead.")
    member.user.is_active = active
    member.user.save(update_fields=["is_active"])
    if not active:
        _log_out(member.user)
    _record("member.switched_on" if active else "member.switched_off", member, by)


@transaction.atomic
def member_remove(member: Membership, *, by: User) -> None:
    """From this workspace; the person and what they did stay. Raises: Conflict `last_owner`."""
    _keep_an_owner(member)
    _record("member.removed", member, by, before={"role": member.role})
    member.delete()


@transaction.atomic
def member_clear_second_factor(member: Membership, *, by: User) -> None:
    """For who lost phone and recovery codes: the password alone opens again, and every session ends.

    Raises: Conflict `member_elsewhere`, as another workspace may ask for a second step.
    """
    if member.user.memberships.exclude(workspace=member.workspace).exists():
        raise Conflict("member_elsewhere", "This person is in other workspaces too: ask who runs the installation.")
    Authenticator.objects.filter(user=member.user).delete()
    _log_out(member.user)
    _record("member.second_factor_cleared", member, by)


@transaction.atomic
def workspace_change(workspace: Workspace, *, by: User, **values: object) -> Workspace:
    """Its name, and the roles of which a second step is asked. Raises: Conflict `own_second_factor`."""
    roles = values.get("second_factor_roles", workspace.second_factor_roles)
    mine = Membership.objects.filter(user=by, workspace=workspace).values_list("role", flat=True).first()
    if isinstance(roles, list) and mine in roles and not has_second_factor(by):
        raise Conflict(
            "own_second_factor", "Set up your own second step first (Your account): this would lock you out."
        )
    before = {name: getattr(workspace, name) for name in values}
    for name, value in values.items():
        setattr(workspace, name, value)
    workspace.save()
    act_record("workspace.changed", workspace, workspace=workspace, actor=by, before=before, after=dict(values))
    return workspace


def _keep_an_owner(member: Membership) -> None:
    """The owners' rows are locked in order, so that the last two cannot leave at the same moment."""
    owners = Membership.objects.filter(workspace=member.workspace, role=Membership.Role.OWNER, user__is_active=True)
    if list(owners.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True)) == [member.id]:
        raise Conflict("last_owner", "This is the last owner: make somebody else an owner first.")


def _log_out(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
    AuthToken.objects.filter(user=user).delete()


def _record(
    act: str, member: Membership, by: User, before: dict[str, str] | None = None, after: dict[str, str] | None = None
) -> None:
    act_record(act, member.user.email, workspace=member.workspace, actor=by, before=before, after=after)
