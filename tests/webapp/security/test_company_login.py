"""Login by the company's provider opens the account of whom the provider vouches for, and makes none for strangers."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import SignupClosedException
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.test import Client

from tests.factories import UserFactory
from webapp.accounts.company_login import CompanyLoginAdapter
from webapp.accounts.models import User
from webapp.config.company_provider import company_origins, company_provider

BASE = "/_allauth/browser/v1"
SERVER = "https://login.example.org/realms/cars"


@pytest.fixture
def provider(monkeypatch, settings):
    for name, value in {"SERVER_URL": SERVER, "CLIENT_ID": "headway", "CLIENT_SECRET": "s", "NAME": "Cars"}.items():
        monkeypatch.setenv(f"OIDC_{name}", value)
    settings.SOCIALACCOUNT_PROVIDERS = company_provider()


def login_of(address, *, verified):
    email = EmailAddress(email=address, verified=verified)
    account = SocialAccount(provider="company", uid=address)
    return SocialLogin(user=User(email=address), account=account, email_addresses=[email])


def told(address, *, verified, rf):
    request = rf.get("/")
    login = login_of(address, verified=verified)
    CompanyLoginAdapter().pre_social_login(request, login)
    return login


@pytest.mark.django_db
class TestWhoComesIn:
    @pytest.fixture(autouse=True)
    def _messages(self, monkeypatch):
        monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.add_message", lambda *_, **__: None)

    def test_a_known_person_is_known_by_the_address_first_and_by_the_providers_id_then(self, rf, provider):
        user = UserFactory(email="ada@cars.example")
        assert told("Ada@cars.example", verified=True, rf=rf).user == user
        assert SocialAccount.objects.get().user == user

    def test_an_address_that_the_provider_did_not_check_opens_nothing(self, rf):
        UserFactory(email="ada@cars.example")
        with pytest.raises(SignupClosedException):
            told("ada@cars.example", verified=False, rf=rf)

    def test_strangers_and_who_was_switched_off_get_no_account(self, rf):
        UserFactory(email="gone@cars.example", is_active=False)
        for address in ("gone@cars.example", "stranger@cars.example"):
            with pytest.raises(SignupClosedException):
                told(address, verified=True, rf=rf)
        assert not User.objects.filter(email="stranger@cars.example").exists()


@pytest.mark.django_db
def test_the_page_hears_of_the_provider_without_its_secret(provider):
    config = Client().get(f"{BASE}/config").json()["data"]["socialaccount"]["providers"]
    assert [(one["id"], one["name"]) for one in config] == [("company", "Cars")]
    assert '"s"' not in str(config)


@pytest.mark.django_db
def test_without_a_provider_the_page_hears_of_none():
    assert Client().get(f"{BASE}/config").json()["data"]["socialaccount"]["providers"] == []


def test_the_policy_lets_the_logins_form_lead_to_the_provider_alone(provider):
    assert company_origins() == ["https://login.example.org"]
