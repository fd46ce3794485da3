"""The first owner, and who one is."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.factories import MembershipFactory, UserFactory, WorkspaceFactory
from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.rights import RIGHTS, has_right
from webapp.registry.models import ModelVersion
from webapp.taxonomy.models import Taxonomy

pytestmark = pytest.mark.django_db


def bootstrapped() -> str:
    out = StringIO()
    call_command("bootstrap", stdout=out)
    return out.getvalue()


def test_the_password_is_random_works_and_is_shown_once():
    first = bootstrapped()
    owner = User.objects.get()
    password = first.split("password")[1].split()[0]
    assert owner.check_password(password)
    assert len(password) >= 16
    assert owner.email in bootstrapped()
    assert "password" not in bootstrapped()
    assert User.objects.get().check_password(password)


def test_the_owner_has_what_is_needed_to_begin():
    bootstrapped()
    bootstrapped()
    workspace = Workspace.objects.get()
    assert workspace.slug == "headway"
    assert has_right(User.objects.get(), workspace, "members.write")
    assert Taxonomy.objects.get().name == "gdda13"
    assert [model.ref for model in ModelVersion.objects.order_by("ref")] == ["bundled:gdino-mini", "bundled:gdino-nano"]


def test_a_login_can_be_given_and_is_not_repeated(monkeypatch):
    monkeypatch.setenv("HEADWAY_OWNER_EMAIL", "lead@example.org")
    monkeypatch.setenv("HEADWAY_OWNER_PASSWORD", "correct horse battery")
    assert "correct horse" not in bootstrapped()
    assert User.objects.get(email="lead@example.org").check_password("correct horse battery")


def test_me_says_where_i_am_and_what_i_may(member, client_of):
    other = MembershipFactory(user=member.user, role=Membership.Role.VIEWER)
    here, there = (client_of(row).get("/api/v1/me/").json() for row in (member, other))
    assert (here["role"], there["role"]) == ("owner", "viewer")
    assert (here["workspace"]["slug"], there["workspace"]["slug"]) == (member.workspace.slug, other.workspace.slug)
    assert (set(here["rights"]), there["rights"]) == (set(RIGHTS["owner"]), ["frozen.read", "read"])
    assert [row["slug"] for row in here["workspaces"]] == [member.workspace.slug, other.workspace.slug]


def test_without_a_header_it_is_the_first_workspace(member, api_client):
    MembershipFactory(user=member.user)
    api_client.force_authenticate(member.user)
    assert api_client.get("/api/v1/me/").json()["workspace"]["id"] == member.workspace.id


def test_a_stranger_has_no_right():
    assert not has_right(UserFactory(), WorkspaceFactory(), "read")


def test_only_the_prefix_of_a_token_is_seen_later(client):
    made = client.post("/api/v1/tokens/").json()
    [row] = client.get("/api/v1/tokens/").json()["results"]
    assert row["key"] == made["key"] == made["token"][: len(row["key"])]
    assert made["token"] not in client.get("/api/v1/tokens/").content.decode()


def test_anothers_token_cannot_be_revoked(client, stranger):
    made = client.post("/api/v1/tokens/").json()
    assert stranger.delete(f"/api/v1/tokens/{made['key']}/").status_code == 404
    assert len(client.get("/api/v1/tokens/").json()["results"]) == 1
