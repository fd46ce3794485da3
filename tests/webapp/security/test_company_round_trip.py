"""A login by the company's provider from the button to the product and back: allauth against an OpenID Connect server on a port of its own."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from tests.factories import InvitationFactory, MembershipFactory
from tests.webapp.security.test_second_step import Browser, code
from webapp.accounts.models import Membership, User
from webapp.config.company_provider import company_provider
from webapp.control.models import Invitation

pytestmark = pytest.mark.django_db
CALLBACK = "http://testserver/accounts/oidc/company/login/callback/"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with run_server_in_thread() as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def _provider(server, monkeypatch, settings):
    for name, value in {"SERVER_URL": server, "CLIENT_ID": "headway", "CLIENT_SECRET": "s"}.items():
        monkeypatch.setenv(f"OIDC_{name}", value)
    settings.SOCIALACCOUNT_PROVIDERS = company_provider()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def visitor() -> Browser:
    return Browser()


def to_the_provider(client: Client) -> str:
    """The page's button."""
    asked = {"provider": "company", "process": "login", "callback_url": "/login"}
    answer = client.post("/_allauth/browser/v1/auth/provider/redirect", asked)
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def there_and_back(client: Client, server: str, address: str, *, checked: bool = True) -> str:
    """Where the product sends the browser in the end."""
    claims = {"email": address, "email_verified": checked, "name": "Ada"}
    assert requests.put(f"{server}/users/{address}", json=claims, timeout=10).ok
    at_home = requests.post(to_the_provider(client), data={"sub": address}, allow_redirects=False, timeout=10)
    back = at_home.headers["Location"]
    assert back.startswith(CALLBACK)
    return str(client.get(back)["Location"])


def test_the_button_leads_to_the_provider_with_a_proof_key_and_a_state(server, visitor):
    url = urlsplit(to_the_provider(visitor.client))
    asked = {name: value for name, [value] in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}" == server
    assert (asked["redirect_uri"], asked["client_id"]) == (CALLBACK, "headway")
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["code_challenge"]
    assert asked["state"]


def test_who_was_invited_is_let_in_as_what_the_invitation_says(server, visitor):
    invitation = InvitationFactory(email="ada@cars.example", role=Membership.Role.LEAD)
    assert there_and_back(visitor.client, server, "ada@cars.example") == "/login"
    me = visitor.me()
    assert (me.status_code, me.json()["email"]) == (200, "ada@cars.example")
    member = Membership.objects.get(user__email="ada@cars.example")
    assert (member.workspace, member.role) == (invitation.workspace, Membership.Role.LEAD)
    assert not member.user.has_usable_password()
    assert Invitation.objects.get().closed_at is not None

    again = Browser()
    there_and_back(again.client, server, "ada@cars.example")
    assert again.me().json()["email"] == "ada@cars.example"
    assert User.objects.filter(email="ada@cars.example").count() == 1


def test_a_stranger_gets_no_account_and_is_told_so(server, visitor):
    assert there_and_back(visitor.client, server, "stranger@cars.example").startswith("/login?error=signup_closed")
    assert visitor.me().status_code == 401
    assert not User.objects.filter(email="stranger@cars.example").exists()


def test_an_address_that_the_provider_did_not_check_opens_nobodys_account(server, visitor):
    member = MembershipFactory()
    there_and_back(visitor.client, server, member.user.email, checked=False)
    assert visitor.me().status_code == 401


def test_a_second_step_that_is_set_up_here_is_asked_for_here(server, visitor):
    member = MembershipFactory()
    member.user.set_password("correct horse battery staple")
    member.user.save()
    own = Browser()
    own.log_in(member)
    secret, _ = own.set_up()

    there_and_back(visitor.client, server, member.user.email)
    assert visitor.me().status_code == 401
    session = visitor.send("get", "/auth/session")
    assert {"id": "mfa_authenticate", "is_pending": True, "types": ["recovery_codes", "totp"]} in session.json()[
        "data"
    ]["flows"]
    assert visitor.send("post", "/auth/2fa/authenticate", {"code": code(secret, 1)}).status_code == 200
    assert visitor.me().json()["email"] == member.user.email


def test_a_role_that_needs_a_second_step_opens_nothing_but_its_setup_without_one(server, visitor):
    member = MembershipFactory(role=Membership.Role.OWNER)
    member.workspace.second_factor_roles = [Membership.Role.OWNER]
    member.workspace.save()
    there_and_back(visitor.client, server, member.user.email)
    assert visitor.me().json()["second_factor_needed"] is True
    assert visitor.client.get("/api/v1/drives/").status_code == 403


def test_an_answer_of_the_provider_opens_only_the_browser_that_asked(server, visitor):
    """A stolen or planted callback: its state is not this browser's."""
    member = MembershipFactory()
    assert requests.put(
        f"{server}/users/{member.user.email}", json={"email": member.user.email, "email_verified": True}, timeout=10
    ).ok
    there = to_the_provider(visitor.client)
    back = requests.post(there, data={"sub": member.user.email}, allow_redirects=False, timeout=10).headers["Location"]
    other = Browser()
    assert other.client.get(back)["Location"].startswith("http://testserver/login?error=")
    assert other.me().status_code == 401
