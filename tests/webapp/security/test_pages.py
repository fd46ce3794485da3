"""What every answer says to the browser: a strict policy, cookies that no script reads, and nothing for who asks without a login."""

import os
import re
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.conftest import REPOSITORY
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGES = ("/", "/login", "/drives/1", "/api/v1/docs/", "/django-admin/login/", "/no/such/page")
ANSWERS = (*PAGES, "/api/v1/me/", "/api/v1/docs/?script", "/health/live", "/metrics", "/_allauth/browser/v1/config")
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<content>.*?)</script>", re.DOTALL)


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_has_the_policy_and_it_lets_no_strange_script_run(path):
    policy = Client().get(path).headers["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    for name in ("script-src", "connect-src", "form-action", "worker-src"):
        assert not re.search(r"unsafe|https?:|\*|data:", directives[name]), directives[name]
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_script_that_the_policy_would_stop(path):
    html = Client().get(path).content.decode()
    for script in SCRIPT.finditer(html):
        assert "src=" in script["attributes"] or "nonce=" in script["attributes"] or not script["content"].strip()
    assert not re.search(r"<[^>]+\son[a-z]+=", html)


@pytest.mark.parametrize("path", ANSWERS)
def test_no_answer_is_sniffed_or_framed(path):
    headers = Client().get(path).headers
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")


def test_the_login_cookie_is_for_no_script_no_other_site_and_no_open_line(settings):
    cache.clear()  # what another test guessed is counted there
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = UserFactory()
    user.set_password("correct horse battery")
    user.save()
    body = {"email": user.email, "password": "correct horse battery"}
    answer = Client().post("/_allauth/browser/v1/auth/login", body, content_type="application/json")
    session, csrf = answer.cookies["sessionid"], answer.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], session["secure"]) == (True, "Lax", True)
    assert (csrf["samesite"], csrf["secure"]) == ("Lax", True)


ASKS = """
import django; django.setup()
from django.test import Client
answer = Client().get("/health/live", headers={"X-Forwarded-Proto": "https"})
print(answer.wsgi_request.scheme, answer.headers.get("Strict-Transport-Security", "none"))
"""


@pytest.mark.parametrize(("proxies", "told"), [("1", "https max-age=31536000"), ("0", "http none")])
def test_only_a_proxy_of_ours_says_that_the_browser_came_by_tls(proxies, told, tmp_path):
    """In a process of its own: the settings are read once. Where it is believed, browsers are told to come by TLS for a year."""
    given = {"DJANGO_SETTINGS_MODULE": "webapp.config.settings", "HEADWAY_HOME": str(tmp_path), "SECURE_COOKIES": "1"}
    asked = subprocess.run(
        [sys.executable, "-c", ASKS],
        cwd=REPOSITORY,
        env={**os.environ, **given, "TRUSTED_PROXIES": proxies, "ALLOWED_HOSTS": "testserver"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stdout.strip().splitlines()[-1:] == [told], asked.stderr


def test_a_write_from_another_site_is_refused():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(UserFactory())
    assert browser.post("/api/v1/tokens/", {}, content_type="application/json").status_code == 403


class TestMetrics:
    def test_are_for_staff_and_for_a_scraper_with_the_token(self, settings):
        settings.METRICS_TOKEN = "a-long-random-token"
        assert Client().get("/metrics").status_code == 403
        assert Client().get("/metrics", headers={"Authorization": "Bearer no"}).status_code == 403
        told = Client().get("/metrics", headers={"Authorization": "Bearer a-long-random-token"})
        assert b"django_http_requests_total" in told.content
        staff = Client()
        staff.force_login(UserFactory(is_staff=True))
        assert staff.get("/metrics").status_code == 200

    def test_an_unset_token_opens_nothing(self, settings):
        settings.METRICS_TOKEN = ""
        assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


def test_the_stock_admin_is_for_staff():
    browser = Client()
    browser.force_login(UserFactory())
    assert browser.get(reverse("admin:index")).status_code == 302
