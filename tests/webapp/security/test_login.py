"""Who guesses is slowed down, whatever address they pretend; who logs in leaves no secret in the log."""

import logging

import pytest
from django.test import Client
from rest_framework.test import APIRequestFactory

from tests.factories import UserFactory
from webapp.core.throttling import AnonRateThrottle

LOGIN = "/_allauth/browser/v1/auth/login"
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def log_in(email, password, **headers):
    body = {"email": email, "password": password}
    return Client().post(LOGIN, body, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_guessing_a_password_is_slowed_down_even_from_ever_new_addresses():
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    for guess in range(12):
        answer = log_in(user.email, f"guess {guess}", **{"X-Forwarded-For": f"10.0.0.{guess}"})
        if answer.status_code != 400 or answer.json()["errors"][0]["code"] == "too_many_login_attempts":
            break
    assert guess < 11
    assert log_in(user.email, PASSWORD).status_code != 200


@pytest.mark.django_db
def test_an_unknown_address_is_told_what_a_wrong_password_is_told():
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    assert log_in(user.email, "wrong").json() == log_in("nobody@example.org", "wrong").json()


def test_a_pretended_address_is_not_counted_for():
    throttle, requests = AnonRateThrottle(), APIRequestFactory()
    one, other = (requests.get("/", headers={"X-Forwarded-For": address}) for address in ("1.1.1.1", "2.2.2.2"))
    assert throttle.get_ident(one) == throttle.get_ident(other) == "127.0.0.1"


@pytest.mark.django_db
def test_neither_password_nor_token_nor_signed_link_is_logged(caplog, client, api_client):
    """Requests that fail are logged with their path; a query may hold a link that still opens something."""
    caplog.set_level(logging.DEBUG)
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    assert log_in(user.email, PASSWORD).status_code == 200
    log_in(user.email, PASSWORD + "!")
    token = client.post("/api/v1/tokens/").json()["token"]
    api_client.get("/api/v1/dataset-versions/1/coco/?link=signed-secret", headers={"Authorization": f"Token {token}"})
    api_client.get("/api/v1/dataset-versions/1/coco/?link=signed-secret")
    assert "/api/v1/dataset-versions/1/coco/" in caplog.text
    for secret in (PASSWORD, token, "signed-secret"):
        assert secret not in caplog.text
