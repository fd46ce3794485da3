"""Who may join: nobody by themselves. Owners invite."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Refuses open sign-up."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
