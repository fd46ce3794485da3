"""Keys can be changed without closing what the old ones closed, and nobody changes the address that they were invited by."""

import os
import subprocess
import sys

import pytest
from allauth.account.models import EmailAddress
from cryptography.fernet import InvalidToken
from django.test import Client

from tests.conftest import REPOSITORY
from tests.factories import UserFactory
from webapp.accounts.second_factor import SecondFactorAdapter


def test_an_older_key_still_opens_what_it_closed(settings):
    closed = SecondFactorAdapter().encrypt("the secret of a phone")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key", [settings.SECRET_KEY]
    assert SecondFactorAdapter().decrypt(closed) == "the secret of a phone"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        SecondFactorAdapter().decrypt(closed)


def test_older_keys_are_read_from_the_environment():
    """In a process of its own: settings are read once."""
    told = "from webapp.config import settings; print(settings.SECRET_KEY_FALLBACKS)"
    keys = {**os.environ, "SECRET_KEY": "new", "SECRET_KEY_FALLBACKS": "old,older"}
    ran = subprocess.run(
        [sys.executable, "-c", told], env=keys, cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "['old', 'older']"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_nobody_adds_or_changes_an_address_of_theirs(method):
    browser = Client()
    browser.force_login(UserFactory())
    body = {"email": "another@example.org", "primary": True}
    answer = getattr(browser, method)("/_allauth/browser/v1/account/email", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "addresses_closed")
    assert not EmailAddress.objects.filter(email="another@example.org").exists()
