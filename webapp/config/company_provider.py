"""The company's OpenID Connect provider, from the environment; none where OIDC_SERVER_URL is empty."""

from typing import Any
from urllib.parse import urlsplit

from webapp.config.env import env

PROVIDER = "company"  # in the address of the callback: /accounts/oidc/company/login/callback/


def company_provider() -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS."""
    server = env.str("OIDC_SERVER_URL", default="")
    if not server:
        return {}
    app = {
        "provider_id": PROVIDER,
        "name": env.str("OIDC_NAME", default="") or urlsplit(server).hostname,
        "client_id": env.str("OIDC_CLIENT_ID"),
        "secret": env.str("OIDC_CLIENT_SECRET"),
        "settings": {
            "server_url": server,
            "verified_email": env.bool("OIDC_EMAILS_ARE_VERIFIED", default=False),
            "oauth_pkce_enabled": True,
        },
    }
    return {"openid_connect": {"APPS": [app]}}


def company_origins() -> list[str]:
    """Where a login by the provider may lead to."""
    server = env.str("OIDC_SERVER_URL", default="")
    own = [f"{urlsplit(server).scheme}://{urlsplit(server).netloc}"] if server else []
    others: list[str] = env.list("OIDC_LOGIN_ORIGINS", default=[])
    return own + others
