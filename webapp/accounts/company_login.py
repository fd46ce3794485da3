"""Login by the company's own provider (OpenID Connect), for people who have an account or were invited: it opens none to strangers."""

from typing import Any

from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from webapp.accounts.models import User
from webapp.control.invitations import take_by_address


class CompanyLoginAdapter(DefaultSocialAccountAdapter):
    """Knows a person by the address that the provider vouches for, the first time; by the provider's own id from then on."""

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        user = _person_of([one.email for one in sociallogin.email_addresses if one.verified])
        if user is None:
            raise SignupClosedException
        sociallogin.connect(request, user)

    def is_open_for_signup(self, request: Any, sociallogin: Any) -> bool:
        return False


def _person_of(addresses: list[str]) -> User | None:
    for address in addresses:
        user = User.objects.filter(email__iexact=address).first()
        if user is None:
            user = take_by_address(address)
        if user is not None and user.is_active:
            return user
    return None
