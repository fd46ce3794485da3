"""The control room: limits hold, tokens end, positions are blurred, and every act is written down."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from tests.factories import ClipFactory, DeviceFactory, DriveFactory, JobFactory, MembershipFactory
from webapp.accounts.models import Membership, WorkspaceLimits
from webapp.control.acts import act_record
from webapp.control.models import AdminAct
from webapp.fleet.models import DeviceToken
from webapp.fleet.tokens import token_issue
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db


class TestActs:
    def test_of_two_states_only_what_differs_is_kept_and_never_a_secret(self, member):
        before = {"role": "viewer", "name": "A", "secret": "old"}
        act = act_record(
            "x",
            "y",
            workspace=None,
            actor=member.user,
            before=before,
            after={**before, "role": "lead", "secret": "new"},
        )
        assert act.before == {"role": "viewer", "secret": "…"}
        assert act.after == {"role": "lead", "secret": "…"}

    def test_what_the_stock_admin_changes_is_there_too(self, member, client):
        LogEntry.objects.log_actions(member.user.id, [member.workspace], CHANGE, [{"changed": {"fields": ["name"]}}])
        [row] = client.get("/api/v1/acts/?act=rows.").json()["results"]
        assert (row["act"], row["actor"]["id"]) == ("rows.changed", member.user.id)
        assert "name" in row["after"]["change"].lower()

    def test_another_workspaces_acts_are_not_seen(self, client):
        act_record("secret.act", "x", workspace=MembershipFactory().workspace, actor=None)
        assert client.get("/api/v1/acts/").json()["results"] == []


class TestLimits:
    def upload(self, client, drive, size):
        import base64

        words = {"filename": "a.mp4", "drive": str(drive.id)}
        told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in words.items())
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": told}
        return client.post("/api/v1/uploads/", headers=headers)

    def test_a_file_and_a_store_have_their_most(self, client, workspace):
        drive = DriveFactory(workspace=workspace)
        ClipFactory(drive=drive, size=600)
        client.patch("/api/v1/limits/", {"max_upload_bytes": 500, "max_store_bytes": 1000})
        assert self.upload(client, drive, 501).json()["code"] == "file_too_large"
        assert self.upload(client, drive, 401).json()["code"] == "quota_full"
        assert self.upload(client, drive, 300).status_code == 201
        # The first is under way: what it will take is taken.
        assert self.upload(client, drive, 101).json()["code"] == "quota_full"
        assert self.upload(client, drive, 100).status_code == 201
        client.patch("/api/v1/limits/", {"max_store_bytes": None})
        assert self.upload(client, drive, 401).status_code == 201

    def test_a_change_says_what_it_was_before(self, client):
        client.patch("/api/v1/limits/", {"retention_days": 90})
        client.patch("/api/v1/limits/", {"retention_days": 30})
        act = AdminAct.objects.order_by("-id").first()
        assert (act.act, act.before, act.after) == ("limits.changed", {"retention_days": 90}, {"retention_days": 30})

    @pytest.mark.parametrize("value", [0, -1, 2**80, "many"])
    def test_nonsense_is_refused(self, client, value):
        assert client.patch("/api/v1/limits/", {"retention_days": value}).status_code == 400


class TestTokens:
    def test_all_are_listed_without_their_secret_and_end_when_revoked(self, client, client_of, api_client, workspace):
        member = MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR)
        made = client_of(member).post("/api/v1/tokens/").json()
        device = DeviceFactory(workspace=workspace)
        secret = token_issue(device)
        listed = client.get("/api/v1/all-tokens/")
        assert made["token"] not in listed.content.decode()
        assert secret not in listed.content.decode()
        [person], [machine] = listed.json()["people"], listed.json()["devices"]
        assert (person["owner"]["id"], machine["device"]) == (member.user.id, device.name)
        assert client.delete(f"/api/v1/all-tokens/people/{person['key']}/").status_code == 204
        assert client.delete(f"/api/v1/all-tokens/devices/{machine['id']}/").status_code == 204
        headers = {"Authorization": f"Token {made['token']}"}
        assert api_client.get("/api/v1/me/", headers=headers).status_code == 401
        assert DeviceToken.objects.get().revoked_at
        acts = {"api_token.made", "api_token.revoked", "device_token.revoked"}
        assert set(AdminAct.objects.values_list("act", flat=True)) == acts

    def test_a_strangers_token_is_not_there(self, client, stranger):
        made = stranger.post("/api/v1/tokens/").json()
        assert client.get("/api/v1/all-tokens/").json()["people"] == []
        assert client.delete(f"/api/v1/all-tokens/people/{made['key']}/").status_code == 404


def test_who_does_not_run_the_fleet_sees_about_where_a_vehicle_is(client, client_of, workspace):
    DeviceFactory(workspace=workspace, lat=52.520008, lon=13.404954)
    viewer = client_of(MembershipFactory(workspace=workspace, role=Membership.Role.VIEWER))
    place = lambda asker: [(row["lat"], row["lon"]) for row in asker.get("/api/v1/devices/").json()["results"]]  # noqa: E731
    assert place(client) == [(52.520008, 13.404954)]
    assert place(viewer) == [(52.52, 13.4)]
    WorkspaceLimits.objects.create(workspace=workspace, gps_decimals=0)
    assert place(viewer) == [(53.0, 13.0)]


def test_the_storage_report_counts_this_workspace_alone(client, workspace, settings):
    ClipFactory(drive__workspace=workspace, size=700)
    ClipFactory(size=5000)
    report = client.get("/api/v1/storage/").json()
    assert {row["kind"]: row["bytes"] for row in report["kinds"]}["originals"] == 700
    assert [row["bytes"] for row in report["drives"]] == [700]


def test_the_queues_say_what_waits_and_who_works(client, workspace):
    JobFactory(workspace=workspace, kind=Job.Kind.TRAIN_MODEL)
    JobFactory(workspace=workspace, kind=Job.Kind.TRAIN_MODEL)
    JobFactory()
    busy = JobFactory(workspace=workspace, title="Freeze v3", kind=Job.Kind.FREEZE_VERSION)
    Job.objects.filter(id=busy.id).update(state="running", worker="host:7", lease_expires_at=timezone.now())
    report = client.get("/api/v1/workers/").json()
    queues = {row["queue"]: (row["queued"], row["running"]) for row in report["queues"]}
    assert queues == {"default": (0, 1), "ingest": (0, 0), "prelabel": (0, 0), "train": (2, 0)}
    assert [(row["name"], row["title"]) for row in report["workers"]] == [("host:7", "Freeze v3")]
    assert report["queues"][3]["oldest_s"] > 0
