"""The second step of a login: a code of an app on the phone, or a recovery code. A workspace may ask it of some roles."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes

from webapp.accounts.models import Membership, User
from webapp.core.errors import Conflict

CODES_OF_AN_APP = Authenticator.Type.TOTP


class SecondFactorAdapter(DefaultMFAAdapter):
    """What allauth asks of us: secrets lie encrypted, so that a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=CODES_OF_AN_APP).exists())


def second_factor_missing(membership: Membership) -> bool:
    """The workspace asks a second step of this role, and the person has none."""
    asked = membership.role in membership.workspace.second_factor_roles
    return asked and not has_second_factor(membership.user)


def setup_picture(request: HttpRequest) -> str:
    """The QR code of the set-up that this session has begun, as SVG. Raises: DomainError `no_setup` (409)."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not secret:
        raise Conflict("no_setup", "No set-up of a second step has begun in this session.")
    adapter = SecondFactorAdapter()
    return str(adapter.build_totp_svg(adapter.build_totp_url(request.user, secret)))


def _cipher() -> MultiFernet:
    """Of the installation's secret key; older keys (SECRET_KEY_FALLBACKS) still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"mfa:" + force_bytes(key)).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
