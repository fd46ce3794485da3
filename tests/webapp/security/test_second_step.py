"""The second step of a login: set up, asked for, spent codes, switched off, required of a role, and no way round by the stock admin."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from tests.factories import MembershipFactory
from webapp.accounts.models import Membership

pytestmark = pytest.mark.django_db
BASE = "/_allauth/browser/v1"
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()  # what another test guessed is counted there


@pytest.fixture
def person():
    one = MembershipFactory()
    one.user.set_password(PASSWORD)
    one.user.save()
    return one


class Browser:
    """A browser of its own, with what the page sends."""

    def __init__(self):
        self.client = Client()

    def send(self, method, path, body=None):
        text = json.dumps(body) if body else ""
        return self.client.generic(method.upper(), BASE + path, text, content_type="application/json")

    def log_in(self, person):
        return self.send("post", "/auth/login", {"email": person.user.email, "password": PASSWORD})

    def set_up(self):
        """Gives the secret and the recovery codes."""
        self.send("post", "/auth/reauthenticate", {"password": PASSWORD})
        secret = self.send("get", "/account/authenticators/totp").json()["meta"]["secret"]
        assert self.send("post", "/account/authenticators/totp", {"code": code(secret)}).status_code == 200
        return secret, self.send("get", "/account/authenticators/recovery-codes").json()["data"]["unused_codes"]

    def me(self):
        return self.client.get("/api/v1/me/")


def code(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def mine(person):
    made = Browser()
    assert made.log_in(person).status_code == 200
    return made


def test_a_password_alone_no_longer_opens_and_a_code_opens_once(person, mine):
    secret, _ = mine.set_up()
    other = Browser()
    refused = other.log_in(person)
    assert refused.status_code == 401
    assert {"id": "mfa_authenticate", "is_pending": True, "types": ["recovery_codes", "totp"]} in refused.json()[
        "data"
    ]["flows"]
    assert other.me().status_code == 401
    wrong = "000000" if code(secret) != "000000" else "000001"
    assert other.send("post", "/auth/2fa/authenticate", {"code": wrong}).status_code == 400
    now = code(secret, 1)
    assert other.send("post", "/auth/2fa/authenticate", {"code": now}).status_code == 200
    assert other.me().status_code == 200
    third = Browser()
    third.log_in(person)
    assert third.send("post", "/auth/2fa/authenticate", {"code": now}).status_code == 400


def test_a_recovery_code_opens_once(person, mine):
    _, codes = mine.set_up()
    assert len(codes) == 10
    for expected in (200, 400):
        other = Browser()
        other.log_in(person)
        assert other.send("post", "/auth/2fa/authenticate", {"code": codes[0]}).status_code == expected


def test_guessing_codes_is_slowed_down(person, mine):
    mine.set_up()
    other = Browser()
    other.log_in(person)
    answers = [other.send("post", "/auth/2fa/authenticate", {"code": f"{n:06}"}) for n in range(8)]
    assert answers[-1].json()["errors"][0]["code"] == "too_many_login_attempts"


def test_neither_set_up_nor_switching_off_goes_by_an_open_session_alone(person, mine):
    """Somebody at an unlocked desk must not lock the person out, nor take the second step away."""
    secret = mine.send("get", "/account/authenticators/totp").json()["meta"]["secret"]
    assert mine.send("post", "/account/authenticators/totp", {"code": code(secret)}).status_code == 401
    mine.set_up()
    other = Browser()
    other.log_in(person)
    other.send(
        "post",
        "/auth/2fa/authenticate",
        {"code": mine.send("get", "/account/authenticators/recovery-codes").json()["data"]["unused_codes"][1]},
    )
    assert other.send("delete", "/account/authenticators/totp").status_code == 401
    other.send("post", "/auth/reauthenticate", {"password": PASSWORD})
    assert other.send("delete", "/account/authenticators/totp").status_code == 200
    assert not Authenticator.objects.filter(user=person.user).exists()


def test_the_secret_lies_encrypted_and_its_picture_is_this_sessions_alone(person, mine):
    assert mine.client.get("/api/v1/me/second-factor.svg").json()["code"] == "no_setup"
    mine.send("get", "/account/authenticators/totp")
    picture = mine.client.get("/api/v1/me/second-factor.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert b"<path" in picture.content
    assert b"<script" not in picture.content
    secret, codes = mine.set_up()
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert codes[0] not in stored


def test_a_role_of_which_it_is_asked_opens_nothing_without(person, mine):
    person.workspace.second_factor_roles = [Membership.Role.OWNER]
    person.workspace.save()
    assert mine.me().json()["second_factor_needed"] is True
    refused = mine.client.get("/api/v1/drives/")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    assert mine.client.get("/api/v1/frames/1/image").json()["code"] == "second_factor_required"
    mine.set_up()
    assert mine.me().json()["second_factor_needed"] is False
    assert mine.client.get("/api/v1/drives/").status_code == 200


def test_the_stock_admin_has_no_login_of_its_own(person, mine):
    """Its form asks for a password alone."""
    person.user.is_staff = person.user.is_superuser = True
    person.user.save()
    mine.set_up()
    somebody = Client()
    assert somebody.get("/django-admin/", follow=True).redirect_chain[-1][0] == "/login?next=%2Fdjango-admin%2F"
    body = {"username": person.user.email, "password": PASSWORD}
    somebody.post("/django-admin/login/?next=/django-admin/", body)
    assert somebody.get("/api/v1/me/").status_code == 401
    assert mine.client.get("/django-admin/").status_code == 200


def test_sessions_are_listed_with_their_browser_and_end_when_revoked(person, mine):
    other = Browser()
    other.log_in(person)
    listed = mine.send("get", "/auth/sessions").json()["data"]
    assert [one["is_current"] for one in sorted(listed, key=lambda one: one["id"])] == [True, False]
    theirs = next(one["id"] for one in listed if not one["is_current"])
    assert mine.send("delete", "/auth/sessions", {"sessions": [theirs]}).status_code == 200
    assert (other.me().status_code, mine.me().status_code) == (401, 200)


def test_a_new_password_ends_every_other_session(person, mine):
    other = Browser()
    other.log_in(person)
    body = {"current_password": PASSWORD, "new_password": "another horse, another battery"}
    assert mine.send("post", "/account/password/change", body).status_code in (200, 401)
    assert other.me().status_code == 401
    assert mine.me().status_code == 200


def test_a_last_visit_is_written_at_most_once_in_five_minutes(person, mine, django_assert_num_queries):
    mine.me()
    person.user.refresh_from_db()
    seen = person.user.last_seen_at
    assert seen is not None
    assert UserSession.objects.get(user=person.user).last_seen_at is not None
    mine.me()
    person.user.refresh_from_db()
    assert person.user.last_seen_at == seen
