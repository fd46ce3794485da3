"""People come in by invitation, change roles, are switched off, and one owner always stays; all of it is written down."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.factories import InvitationFactory, MembershipFactory, UserFactory
from webapp.accounts.company_login import _person_of
from webapp.accounts.models import Membership, User
from webapp.control.models import AdminAct, Invitation

pytestmark = pytest.mark.django_db
Role = Membership.Role
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def invited(client):
    """The answer to an invitation of ada@example.org."""
    return client.post("/api/v1/invitations/", {"email": "Ada@example.org", "role": "annotator"}).json()


def accept(link, asker=None, **values):
    api = APIClient()
    if asker:
        api.force_authenticate(asker)
    body = {"token": link.rpartition("#")[2], "name": "Ada", "password": PASSWORD} | values
    return api.post("/api/v1/invitation/accept/", body)


def acts():
    return list(AdminAct.objects.order_by("id").values_list("act", flat=True))


class TestInvitations:
    def test_the_link_makes_a_person_with_the_role_once(self, invited, workspace):
        told = APIClient().post("/api/v1/invitation/", {"token": invited["link"].rpartition("#")[2]}).json()
        assert (told["email"], told["role"], told["workspace"]) == ("ada@example.org", "annotator", workspace.name)
        assert accept(invited["link"]).status_code == 201
        ada = Membership.objects.get(user__email="ada@example.org", workspace=workspace)
        assert (ada.role, ada.user.name) == (Role.ANNOTATOR, "Ada")
        assert accept(invited["link"]).json()["code"] == "no_invitation"
        assert acts() == ["invitation.made", "invitation.taken"]

    def test_without_mail_the_link_is_shown_and_nothing_is_sent_or_logged(self, invited, caplog):
        assert invited["mailed"] is False
        assert mail.outbox == []
        token = invited["link"].rpartition("#")[2]
        assert re.fullmatch(r"https?://[^/]+/join#[\w-]{40,}", invited["link"])
        assert token not in caplog.text
        assert token not in str(list(Invitation.objects.values())) + str(list(AdminAct.objects.values()))

    def test_with_mail_the_letter_has_the_link(self, client, settings):
        settings.MAIL_IS_SENT = True
        made = client.post("/api/v1/invitations/", {"email": "bo@example.org", "role": "lead"}).json()
        assert made["mailed"] is True
        assert mail.outbox[0].to == ["bo@example.org"]
        assert made["link"] in mail.outbox[0].body

    def test_a_newer_one_replaces_it_and_a_withdrawn_or_old_one_opens_nothing(self, client, invited):
        newer = client.post("/api/v1/invitations/", {"email": "ada@example.org", "role": "viewer"}).json()
        assert accept(invited["link"]).status_code == 404
        assert client.delete(f"/api/v1/invitations/{newer['id']}/").status_code == 204
        assert accept(newer["link"]).status_code == 404
        last = client.post("/api/v1/invitations/", {"email": "ada@example.org", "role": "viewer"}).json()
        Invitation.objects.filter(id=last["id"]).update(expires_at="2020-01-01T00:00Z")
        assert accept(last["link"]).status_code == 404
        assert not User.objects.filter(email="ada@example.org").exists()

    def test_who_has_an_account_must_be_logged_in_with_it(self, invited, workspace):
        ada, other = UserFactory(email="ada@example.org"), UserFactory()
        assert accept(invited["link"]).json()["code"] == "login_first"
        assert accept(invited["link"], other).json()["code"] == "other_person"
        assert accept(invited["link"], ada).status_code == 201
        assert Membership.objects.filter(user=ada, workspace=workspace).exists()

    def test_a_weak_password_is_said_at_its_field(self, invited):
        answer = accept(invited["link"], password="short")
        assert (answer.status_code, list(answer.json()["fields"])) == (400, ["password"])
        assert accept(invited["link"]).status_code == 201

    def test_the_companys_login_takes_it_for_the_address_that_it_vouches_for(self, invited, workspace):
        ada = _person_of(["ada@example.org"])
        assert ada is not None
        assert not ada.has_usable_password()
        assert Membership.objects.get(user=ada).workspace == workspace
        assert _person_of(["stranger@example.org"]) is None

    def test_a_member_is_not_invited_again(self, client, member):
        answer = client.post("/api/v1/invitations/", {"email": member.user.email.upper(), "role": "lead"})
        assert (answer.status_code, answer.json()["code"]) == (409, "member_already")


class TestMembers:
    def test_are_listed_with_what_an_owner_needs_to_know(self, client, member, workspace):
        other = MembershipFactory(workspace=workspace, role=Role.VIEWER)
        Authenticator.objects.create(user=other.user, type="totp", data={})
        rows = {row["id"]: row for row in client.get("/api/v1/members/").json()["results"]}
        assert rows.keys() == {member.id, other.id}
        assert (rows[other.id]["second_factor"], rows[member.id]["second_factor"]) == (True, False)
        assert rows[other.id]["email"] == other.user.email

    def test_the_last_owner_stays_owner_active_and_here(self, client, member, workspace):
        path = f"/api/v1/members/{member.id}/"
        for answer in (
            client.patch(path, {"role": "lead"}),
            client.patch(path, {"active": False}),
            client.delete(path),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
        off = MembershipFactory(workspace=workspace, user__is_active=False)
        assert client.delete(path).json()["code"] == "last_owner", off
        MembershipFactory(workspace=workspace)
        assert client.patch(path, {"role": "lead"}).status_code == 200

    def test_who_is_switched_off_has_no_session_and_no_token_left(self, client, workspace):
        other = MembershipFactory(workspace=workspace, role=Role.LEAD)
        browser = Client()
        browser.force_login(other.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        _, token = AuthToken.objects.create(user=other.user)
        assert browser.get("/api/v1/me/").status_code == 200
        assert client.patch(f"/api/v1/members/{other.id}/", {"active": False}).json()["active"] is False
        script = APIClient(headers={"Authorization": f"Token {token}"})
        assert (browser.get("/api/v1/me/").status_code, script.get("/api/v1/me/").status_code) == (401, 401)
        client.patch(f"/api/v1/members/{other.id}/", {"active": True})
        assert acts() == ["member.switched_off", "member.switched_on"]

    def test_of_another_workspace_too_are_removed_from_this_one_alone(self, client, workspace):
        here = MembershipFactory(workspace=workspace, role=Role.LEAD)
        there = MembershipFactory(user=here.user)
        path = f"/api/v1/members/{here.id}/"
        assert client.patch(path, {"active": False}).json()["code"] == "member_elsewhere"
        assert client.delete(f"{path}second-factor/").json()["code"] == "member_elsewhere"
        assert client.delete(path).status_code == 204
        assert list(Membership.objects.filter(user=here.user)) == [there]
        assert acts() == ["member.removed"]

    def test_a_role_is_changed_with_before_and_after(self, client, workspace):
        other = MembershipFactory(workspace=workspace, role=Role.VIEWER)
        client.patch(f"/api/v1/members/{other.id}/", {"role": "lead"})
        act = AdminAct.objects.get()
        assert (act.act, act.target, act.before, act.after) == (
            "member.role_changed",
            other.user.email,
            {"role": "viewer"},
            {"role": "lead"},
        )

    def test_a_lost_phone_is_forgotten(self, client, workspace):
        other = MembershipFactory(workspace=workspace, role=Role.VIEWER)
        Authenticator.objects.create(user=other.user, type="totp", data={})
        assert client.delete(f"/api/v1/members/{other.id}/second-factor/").status_code == 204
        assert not Authenticator.objects.exists()
        assert acts() == ["member.second_factor_cleared"]


def test_an_owner_asks_a_second_step_of_roles_but_does_not_lock_themselves_out(client, member):
    answer = client.patch("/api/v1/workspace/", {"second_factor_roles": ["owner"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "own_second_factor")
    assert client.patch("/api/v1/workspace/", {"second_factor_roles": ["annotator"]}).status_code == 200
    Authenticator.objects.create(user=member.user, type="totp", data={})
    assert client.patch("/api/v1/workspace/", {"second_factor_roles": ["owner"]}).status_code == 200
    assert acts() == ["workspace.changed", "workspace.changed"]


def test_invitations_of_another_workspace_are_unknown(client):
    theirs = InvitationFactory()
    assert client.delete(f"/api/v1/invitations/{theirs.id}/").status_code == 404
    assert client.get("/api/v1/invitations/").json()["results"] == []
