"""Invitations: how people come in. Nobody makes an account by themselves."""

import hashlib
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from webapp.accounts.models import Membership, User, Workspace
from webapp.control.acts import act_record
from webapp.control.models import Invitation
from webapp.core.errors import Conflict, DomainError

HOLDS_FOR = timedelta(days=7)
LETTER = """{inviter} invites you to the workspace "{workspace}" in Headway, as {role}.

{link}

The link opens once, until {until:%d %B %Y}. Who was not meant may throw this letter away.
"""


def open_invitations(workspace: Workspace) -> QuerySet[Invitation]:
    found = Invitation.objects.filter(workspace=workspace, closed_at__isnull=True)
    return found.select_related("invited_by")


@transaction.atomic
def invite(workspace: Workspace, *, email: str, role: str, by: User) -> tuple[Invitation, str]:
    """The invitation and its secret, which nobody can read later. A newer one replaces an open one to the same address.

    Raises: Conflict `member_already`.
    """
    email = email.lower()
    if Membership.objects.filter(workspace=workspace, user__email__iexact=email).exists():
        raise Conflict("member_already", f"{email} is a member already.", fields={"email": "A member already."})
    Invitation.objects.filter(workspace=workspace, email=email, closed_at=None).update(closed_at=timezone.now())
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=role,
        digest=_digest(token),
        invited_by=by,
        expires_at=timezone.now() + HOLDS_FOR,
    )
    act_record("invitation.made", email, workspace=workspace, actor=by, after={"role": role})
    return made, token


def letter_send(invitation: Invitation, link: str) -> bool:
    """True once the mail server took it. Without one nothing is sent: a link in the log would let its readers in."""
    if not settings.MAIL_IS_SENT:
        return False
    text = LETTER.format(
        inviter=invitation.invited_by,
        workspace=invitation.workspace,
        role=invitation.role.replace("_", " "),
        link=link,
        until=invitation.expires_at,
    )
    subject = " ".join(f"Invitation to {invitation.workspace}".split())  # a name with a line break is no header
    try:
        return bool(send_mail(subject, text, None, [invitation.email]))
    except (OSError, SMTPException):
        return False


@transaction.atomic
def invitation_withdraw(invitation: Invitation, *, by: User) -> None:
    _close(invitation)
    act_record("invitation.withdrawn", invitation.email, workspace=invitation.workspace, actor=by)


def invitation_of(token: str) -> Invitation:
    """Raises: DomainError `no_invitation` (404): withdrawn, taken, too old, or never made."""
    found = _live().filter(digest=_digest(token)).select_related("workspace", "invited_by").first()
    if found is None:
        raise DomainError(
            "no_invitation", "This invitation was used, withdrawn, or is too old. Ask for another.", status=404
        )
    return found


@transaction.atomic
def invitation_accept(token: str, *, name: str, password: str, asker: User | None) -> User:
    """A new person by name and password; who has an account must be logged in with it.

    Raises: DomainError `no_invitation`; Conflict `login_first`, `other_person`; DomainError `invalid` by field.
    """
    invitation = invitation_of(token)
    if asker is not None and asker.email.lower() != invitation.email:
        raise Conflict("other_person", f"This is for {invitation.email}; you are logged in as {asker.email}.")
    if asker is None:
        if User.objects.filter(email__iexact=invitation.email).exists():
            raise Conflict("login_first", f"{invitation.email} has an account: log in, then open the link again.")
        asker = _person(invitation.email, name, password)
    _take(invitation, asker)
    return asker


@transaction.atomic
def take_by_address(email: str) -> User | None:
    """A person whom the company's provider vouches for, let in by every open invitation to that address; without a password."""
    invitations = list(_live().filter(email=email.lower()).select_related("workspace"))
    if not invitations:
        return None
    user = User.objects.create_user(email.lower())
    for invitation in invitations:
        _take(invitation, user)
    return user


def _person(email: str, name: str, password: str) -> User:
    user = User(email=email, name=name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        told = " ".join(error.messages)
        raise DomainError("invalid", told, fields={"password": told}) from error
    return User.objects.create_user(email, password, name=name)


def _take(invitation: Invitation, user: User) -> None:
    _close(invitation)
    Membership.objects.get_or_create(user=user, workspace=invitation.workspace, defaults={"role": invitation.role})
    told = {"role": invitation.role, "invited_by": str(invitation.invited_by)}
    act_record("invitation.taken", invitation.email, workspace=invitation.workspace, actor=user, after=told)


def _close(invitation: Invitation) -> None:
    """Once: of two who take it at the same moment one is told that it is gone."""
    open_ones = Invitation.objects.filter(id=invitation.id, closed_at=None)
    if not open_ones.update(closed_at=timezone.now()):
        raise DomainError("no_invitation", "This invitation is closed already.", status=404)


def _live() -> QuerySet[Invitation]:
    return Invitation.objects.filter(closed_at=None, expires_at__gt=timezone.now())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
