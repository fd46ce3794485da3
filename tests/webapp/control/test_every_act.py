"""Every write of the API is either administration, and then in the audit log, or the day's work; a new one must say which."""

import pytest
from rest_framework.test import APIClient

from tests.factories import JobFactory
from tests.webapp.accounts.test_rights import DEVICES_ALONE, EXPECTED, LINK_IS_ENOUGH, objects  # noqa: F401  # a fixture
from tests.webapp.control.prepared import PREPARED
from webapp.autoaccept import services as autoaccept
from webapp.control.models import AdminAct
from webapp.core import outbound
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db

# What changes who may what, what others rely on, or what cannot be had back: (method, path) -> the act.
ACTS = {
    ("PATCH", "workspace/"): "workspace.changed",
    ("PATCH", "members/{member}/"): "member.role_changed",
    ("DELETE", "members/{member}/"): "member.removed",
    ("DELETE", "members/{member}/second-factor/"): "member.second_factor_cleared",
    ("POST", "invitations/"): "invitation.made",
    ("DELETE", "invitations/{invitation}/"): "invitation.withdrawn",
    ("POST", "invitation/accept/"): "invitation.taken",
    ("POST", "tokens/"): "api_token.made",
    ("DELETE", "tokens/{token}/"): "api_token.revoked",
    ("DELETE", "all-tokens/people/{token}/"): "api_token.revoked",
    ("DELETE", "all-tokens/devices/{device_token}/"): "device_token.revoked",
    ("DELETE", "models/{model}/"): "model.deleted",
    ("POST", "models/{model}/promote/"): "model.promoted",
    ("POST", "training-comparisons/{comparison}/cancel/"): "comparison.cancelled",
    ("POST", "training-comparisons/{comparison}/retry/"): "comparison.retried",
    ("PATCH", "audit/mix/"): "audit_mix.changed",
    ("POST", "drives/{drive}/auto-accept/"): "auto_accept.switched_on",
    ("DELETE", "drives/{drive}/auto-accept/"): "auto_accept.undone",
    ("DELETE", "dataset-versions/{version}/"): "version.deleted",
    ("POST", "dataset-versions/{version}/links/"): "version.link_made",
    ("POST", "jobs/{job}/cancel/"): "job.cancelled",
    ("POST", "jobs/{job}/retry/"): "job.retried",
    ("POST", "devices/"): "device.registered",
    ("POST", "devices/{device}/token/"): "device_token.rotated",
    ("POST", "devices/{device}/revoke/"): "device_token.revoked",
    ("POST", "fleet-releases/"): "release.made",
    ("POST", "fleet-rollouts/"): "rollout.started",
    ("POST", "fleet-rollouts/{rollout}/back/"): "rollout.stopped",
    ("PATCH", "limits/"): "limits.changed",
    ("POST", "footage-removals/"): "footage.",
    ("POST", "taxonomies/{taxonomy}/changes/"): "taxonomy.",
    ("POST", "taxonomy-changes/{taxonomy_change}/undo/"): "taxonomy.",
    ("POST", "webhooks/"): "webhook.created",
    ("PATCH", "webhooks/{webhook}/"): "webhook.changed",
    ("DELETE", "webhooks/{webhook}/"): "webhook.deleted",
    ("POST", "webhooks/{webhook}/secret/"): "webhook.secret_renewed",
}

# The day's work: it has a ledger of its own (label events, jobs, versions, commands of a device), or is a person's own.
WORK = {
    "me/keys/", "invitation/", "model-looks/", "models/", "evaluations/", "evaluations/compare/", "edge-exports/",
    "training-comparisons/", "training-runs/", "training-runs/estimate/", "training-runs/{run}/resume/",
    "training-runs/{run}/predictions/", "uploads/", "uploads/{upload}", "drives/", "drives/{drive}/",
    "clips/{clip}/retry/", "frames/{frame}/operations/", "frames/{frame}/threads/", "frames/{frame}/reviews/",
    "assignments/", "assignments/{assignment}/end/", "threads/{thread}/comments/", "threads/{thread}/resolve/",
    "comments/{comment}/", "tracks/{track}/operations/", "audit/claim/", "audit/heartbeat/", "audit/release/",
    "disagreements/{disagreement}/verdict/", "frames/{frame}/gold/", "risk-models/", "risk-scores/",
    "drives/{drive}/audit-bound/", "explore/features/", "slices/", "slices/{slice}/", "datasets/",
    "datasets/{dataset}/versions/", "datasets/{dataset}/splits/", "label-imports/{label_import}/",
    "label-imports/{label_import}/survey/", "label-imports/{label_import}/run/",
    "dataset-versions/{version}/exports/", "jobs/", "devices/{device}/commands/", "devices/{device}/camera/", "fleet-orders/", "fleet-commands/{command}/cancel/",
    "fleet-campaigns/", "fleet-campaigns/{campaign}/state/", "fleet-simulations/", "webhooks/{webhook}/ping/",
    "webhook-deliveries/{delivery}/repeat/",
}  # fmt: skip


def test_every_write_is_administration_or_the_days_work():
    writes = {key for key in EXPECTED if key[0] not in ("GET", "HEAD") and EXPECTED[key] is not DEVICES_ALONE}
    assert writes - ACTS.keys() == {key for key in writes if key[1] in WORK}
    assert ACTS.keys() <= writes
    assert {path for _, path in writes} >= WORK


def test_each_act_is_done_below():
    assert BODIES.keys() | PREPARED.keys() == ACTS.keys()
    assert not BODIES.keys() & PREPARED.keys()


# A slice that audits have proved right; how that comes about is tests/webapp/autoaccept's.
PROVED = {"category": 0, "name": "car", "threshold": 0.1, "share": 0.5, "seen": 99, "wrong": 0, "covers": 0}

BODIES = {
    ("PATCH", "workspace/"): {"name": "Another name"},
    ("PATCH", "members/{member}/"): {"role": "viewer"},
    ("DELETE", "members/{member}/"): None,
    ("DELETE", "members/{member}/second-factor/"): None,
    ("POST", "invitations/"): {"email": "new@example.org", "role": "lead"},
    ("DELETE", "invitations/{invitation}/"): None,
    ("POST", "tokens/"): {},
    ("DELETE", "models/{model}/"): None,
    ("PATCH", "audit/mix/"): {"gold_share": 0.1},
    ("POST", "jobs/{job}/cancel/"): {},
    ("POST", "devices/"): {"name": "car-7"},
    ("POST", "devices/{device}/token/"): {},
    ("POST", "devices/{device}/revoke/"): {},
    ("POST", "fleet-rollouts/{rollout}/back/"): {},
    ("DELETE", "all-tokens/devices/{device_token}/"): None,
    ("PATCH", "limits/"): {"retention_days": 30},
    ("POST", "footage-removals/"): {"why": "retention", "days": 30},
    ("POST", "webhooks/"): {"url": "https://hooks.example.org/", "events": ["job.failed"]},
    ("PATCH", "webhooks/{webhook}/"): {"active": False},
    ("DELETE", "webhooks/{webhook}/"): None,
    ("POST", "webhooks/{webhook}/secret/"): {},
}


@pytest.mark.parametrize("key", ACTS, ids=lambda key: " ".join(key))
def test_it_is_written_down_with_who_did_it(key, client, member, objects, monkeypatch):  # noqa: F811
    monkeypatch.setattr(outbound, "addresses_of", lambda host, port: ["93.184.216.34"])  # names are not asked here
    monkeypatch.setattr(autoaccept, "certified_slices", lambda drive, **promise: [PROVED])
    body = PREPARED[key](objects, client) if key in PREPARED else BODIES[key]
    AdminAct.objects.all().delete()
    method, path = key
    format = "multipart" if path == "fleet-releases/" else "json"
    content = {} if body is None else {"data": body, "format": format}
    asking = APIClient() if path in LINK_IS_ENOUGH else client
    answer = getattr(asking, method.lower())(f"/api/v1/{path.format(**objects)}", **content)
    assert answer.status_code < 300, answer.content
    act = AdminAct.objects.get()
    assert act.act.startswith(ACTS[key])
    assert act.workspace == member.workspace
    who = "ada@example.org" if path in LINK_IS_ENOUGH else member.user.email
    assert act.actor.email == who


def test_a_refused_act_leaves_no_line(client, workspace):
    ended = JobFactory(workspace=workspace, state=Job.State.SUCCEEDED)
    assert client.post(f"/api/v1/jobs/{ended.id}/cancel/").status_code == 409
    assert not AdminAct.objects.exists()
