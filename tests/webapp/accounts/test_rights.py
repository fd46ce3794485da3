"""Every endpoint, with every role, a stranger and nobody: a new path without a stated expectation fails here."""

import re
import uuid

import pytest
from django.urls import get_resolver

from tests.factories import (
    AssignmentFactory,
    BoxFactory,
    ClipFactory,
    CommandFactory,
    DeviceFactory,
    DisagreementFactory,
    DriveFactory,
    EdgeExportFactory,
    EvaluationFactory,
    FrameFactory,
    InvitationFactory,
    JobFactory,
    LabelImportFactory,
    MembershipFactory,
    MethodComparisonFactory,
    ModelLookFactory,
    ModelVersionFactory,
    PredictionSetFactory,
    ReleaseFactory,
    RiskModelFactory,
    RolloutFactory,
    SightingFactory,
    TaxonomyChangeFactory,
    TrainingRunFactory,
    TriggerCampaignFactory,
    UploadFactory,
    UserFactory,
    WebhookFactory,
)
from webapp.accounts.models import Membership
from webapp.control.models import FootageRemoval
from webapp.datasets.models import Dataset, DatasetVersion
from webapp.exchange.models import VersionExport
from webapp.explore.models import Slice
from webapp.fleet.models import DeviceToken
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.labels.models import Track
from webapp.review.threads import thread_begin
from webapp.webhooks.services import webhook_ping

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Role = Membership.Role
ALL = frozenset(Role.values)
WRITERS = frozenset({Role.OWNER, Role.LEAD})
BUT_ANNOTATORS = ALL - {Role.ANNOTATOR}  # what names frames that are audited
FOOTAGE = WRITERS | {Role.FLEET_ENGINEER}
AUDITORS = WRITERS | {Role.ANNOTATOR}
ENGINEERS = WRITERS | {Role.ML_ENGINEER}
JOBS = WRITERS | {Role.ML_ENGINEER, Role.FLEET_ENGINEER}
OWNERS = frozenset({Role.OWNER})
FLEET = WRITERS | {Role.FLEET_ENGINEER}
DEVICES_ALONE: frozenset[str] = frozenset()  # what devices may is in tests/webapp/fleet/test_device_rights.py

# (method, path) -> roles that may; `{x}` is filled with the id of an object of the member's workspace.
EXPECTED = {
    ("GET", "me/"): ALL,
    ("GET", "me/keys/"): ALL,
    ("PUT", "me/keys/"): ALL,
    ("GET", "me/second-factor.svg"): ALL,
    ("GET", "workspace/"): OWNERS,
    ("PATCH", "workspace/"): OWNERS,
    ("GET", "members/"): OWNERS,
    ("PATCH", "members/{member}/"): OWNERS,
    ("DELETE", "members/{member}/"): OWNERS,
    ("DELETE", "members/{member}/second-factor/"): OWNERS,
    ("GET", "invitations/"): OWNERS,
    ("POST", "invitations/"): OWNERS,
    ("DELETE", "invitations/{invitation}/"): OWNERS,
    ("POST", "invitation/"): ALL,
    ("POST", "invitation/accept/"): ALL,
    ("GET", "tokens/"): ALL,
    ("POST", "tokens/"): ALL,
    ("DELETE", "tokens/{token}/"): ALL,
    ("GET", "taxonomies/"): ALL,
    ("GET", "models/"): ALL,
    ("POST", "models/"): ENGINEERS,
    ("GET", "models/{model}/"): ALL,
    ("DELETE", "models/{model}/"): ENGINEERS,
    ("GET", "models/{model}/download/"): ALL,
    ("POST", "models/{model}/promote/"): ENGINEERS,
    ("GET", "promotions/"): ALL,
    ("GET", "evaluations/"): ALL,
    ("POST", "evaluations/"): ENGINEERS,
    ("POST", "evaluations/compare/"): ENGINEERS,
    ("GET", "evaluations/{evaluation}/"): ALL,
    ("GET", "evaluations/{evaluation}/report/"): BUT_ANNOTATORS,
    ("GET", "edge-figures/"): ALL,
    ("GET", "edge-exports/"): ALL,
    ("POST", "edge-exports/"): ENGINEERS,
    ("GET", "edge-exports/{edge_export}/"): ALL,
    ("GET", "edge-exports/{edge_export}/manifest/"): ALL,
    ("GET", "edge-exports/{edge_export}/network/"): ALL,
    ("GET", "edge-exports/{edge_export}/file/"): ALL,
    ("POST", "model-looks/"): ENGINEERS,
    ("GET", "model-looks/{model_look}/"): BUT_ANNOTATORS,
    ("GET", "training-methods/"): ALL,
    ("GET", "training-comparisons/"): ALL,
    ("POST", "training-comparisons/"): ENGINEERS,
    ("GET", "training-comparisons/{comparison}/"): ALL,
    ("GET", "training-comparisons/{comparison}/standings/"): ALL,
    ("POST", "training-comparisons/{comparison}/cancel/"): ENGINEERS,
    ("POST", "training-comparisons/{comparison}/retry/"): ENGINEERS,
    ("GET", "training-runs/"): ALL,
    ("POST", "training-runs/"): ENGINEERS,
    ("POST", "training-runs/estimate/"): ENGINEERS,
    ("GET", "training-runs/{run}/"): ALL,
    ("GET", "training-runs/{run}/metrics/"): ALL,
    ("GET", "training-runs/{run}/log/"): ALL,
    ("POST", "training-runs/{run}/resume/"): ENGINEERS,
    ("GET", "training-runs/{run}/predictions/"): ALL,
    ("POST", "training-runs/{run}/predictions/"): ENGINEERS,
    ("GET", "training-predictions/{prediction_set}/"): ALL,
    ("POST", "uploads/"): FOOTAGE,
    ("HEAD", "uploads/{upload}"): FOOTAGE,
    ("PATCH", "uploads/{upload}"): FOOTAGE,
    ("DELETE", "uploads/{upload}"): FOOTAGE,
    ("GET", "drives/"): ALL,
    ("POST", "drives/"): FOOTAGE,
    ("GET", "drives/{drive}/"): ALL,
    ("PATCH", "drives/{drive}/"): FOOTAGE,
    ("GET", "clips/"): ALL,
    ("GET", "clips/{clip}/"): ALL,
    ("POST", "clips/{clip}/retry/"): FOOTAGE,
    ("GET", "frames/"): ALL,
    ("GET", "frames/{frame}/"): ALL,
    ("GET", "frames/{frame}/image"): ALL,
    ("GET", "frames/{frame}/thumbnail"): ALL,
    ("POST", "frames/{frame}/operations/"): AUDITORS,
    ("GET", "frames/{frame}/events/"): ALL,
    ("GET", "frames/{frame}/label-sources/"): ALL,
    ("GET", "frames/{frame}/comparison/"): ALL,
    ("GET", "frames/{frame}/threads/"): ALL,
    ("POST", "frames/{frame}/threads/"): AUDITORS,
    ("GET", "frames/{frame}/reviews/"): ALL,
    ("POST", "frames/{frame}/reviews/"): WRITERS,
    ("GET", "people/"): ALL,
    ("GET", "presence/"): ALL,
    ("GET", "team/"): ALL,
    ("GET", "decisions/"): ALL,
    ("GET", "assignments/"): ALL,
    ("POST", "assignments/"): WRITERS,
    ("POST", "assignments/{assignment}/end/"): WRITERS,
    ("GET", "threads/"): ALL,
    ("POST", "threads/{thread}/comments/"): AUDITORS,
    ("POST", "threads/{thread}/resolve/"): AUDITORS,
    ("PATCH", "comments/{comment}/"): AUDITORS,
    ("GET", "review-frames/"): ALL,
    ("GET", "review-summary/"): ALL,
    ("GET", "crops/"): ALL,
    ("GET", "operations/"): ALL,
    ("GET", "tracks/"): ALL,
    ("GET", "tracks/{track}/"): ALL,
    ("POST", "tracks/{track}/operations/"): AUDITORS,
    ("POST", "audit/claim/"): AUDITORS,
    ("POST", "audit/heartbeat/"): AUDITORS,
    ("POST", "audit/release/"): AUDITORS,
    ("GET", "audit/summary/"): ALL,
    ("GET", "audit/mix/"): WRITERS,
    ("PATCH", "audit/mix/"): WRITERS,
    ("GET", "audit/sensitivity/"): WRITERS,
    ("GET", "audit/agreement/"): WRITERS,
    ("GET", "disagreements/"): WRITERS,
    ("POST", "disagreements/{disagreement}/verdict/"): WRITERS,
    ("DELETE", "disagreements/{disagreement}/verdict/"): WRITERS,
    ("GET", "gold-frames/"): WRITERS,
    ("POST", "frames/{frame}/gold/"): WRITERS,
    ("DELETE", "frames/{frame}/gold/"): WRITERS,
    ("GET", "risk-models/"): ALL,
    ("POST", "risk-models/"): ENGINEERS,
    ("GET", "risk-models/{risk_model}/"): ALL,
    ("POST", "risk-scores/"): ENGINEERS,
    ("GET", "audit-curve/"): ALL,
    ("GET", "drives/{drive}/audit-curve/"): ALL,
    ("GET", "drives/{drive}/audit-bound/"): ALL,
    ("GET", "audit-bound/"): ALL,
    ("GET", "dataset-versions/{version}/audit-bound/"): ALL,
    ("GET", "drives/{drive}/missed-estimate/"): ALL,
    ("POST", "drives/{drive}/audit-bound/"): WRITERS,
    ("GET", "drives/{drive}/auto-accept/"): ALL,
    ("POST", "drives/{drive}/auto-accept/"): WRITERS,
    ("DELETE", "drives/{drive}/auto-accept/"): WRITERS,
    ("GET", "explore/frames/"): ALL,
    ("GET", "explore/crops/"): ALL,
    ("GET", "explore/histograms/"): ALL,
    ("GET", "explore/similar/"): ALL,
    ("GET", "explore/features/"): ALL,
    ("POST", "explore/features/"): ENGINEERS,
    ("GET", "slices/"): ALL,
    ("POST", "slices/"): ENGINEERS,
    ("GET", "slices/{slice}/"): ALL,
    ("DELETE", "slices/{slice}/"): ENGINEERS,
    ("GET", "datasets/"): ALL,
    ("POST", "datasets/"): ENGINEERS,
    ("GET", "datasets/{dataset}/"): ALL,
    ("GET", "datasets/{dataset}/versions/"): ALL,
    ("POST", "datasets/{dataset}/versions/"): ENGINEERS,
    ("GET", "dataset-versions/{version}/"): ALL,
    ("DELETE", "dataset-versions/{version}/"): ENGINEERS,
    ("GET", "dataset-versions/{version}/coco/"): BUT_ANNOTATORS,
    ("GET", "dataset-versions/{version}/images/"): BUT_ANNOTATORS,
    ("POST", "dataset-versions/{version}/links/"): ENGINEERS,
    ("GET", "dataset-versions/{version}/card/"): ALL,
    ("GET", "dataset-versions/{version}/lineage/"): ALL,
    ("GET", "dataset-versions/{version}/comparison/"): ALL,
    ("GET", "dataset-versions/{version}/comparison/frames/"): BUT_ANNOTATORS,
    ("POST", "datasets/{dataset}/splits/"): ENGINEERS,
    ("GET", "formats/"): ALL,
    ("GET", "label-imports/"): ALL,
    ("GET", "label-imports/{label_import}/"): ALL,
    ("DELETE", "label-imports/{label_import}/"): FOOTAGE,
    ("POST", "label-imports/{label_import}/survey/"): FOOTAGE,
    ("POST", "label-imports/{label_import}/run/"): FOOTAGE,
    ("GET", "label-imports/{label_import}/preview/{number}/"): ALL,
    ("GET", "label-imports/{label_import}/problems/"): ALL,
    ("GET", "dataset-versions/{version}/exports/"): ALL,
    ("POST", "dataset-versions/{version}/exports/"): ENGINEERS,
    ("GET", "version-exports/{version_export}/file/"): BUT_ANNOTATORS,
    ("GET", "jobs/"): ALL,
    ("POST", "jobs/"): ENGINEERS,
    ("GET", "jobs/{job}/"): ALL,
    ("GET", "jobs/{job}/logs/"): ALL,
    ("POST", "jobs/{job}/cancel/"): JOBS,
    ("POST", "jobs/{job}/retry/"): JOBS,
    ("GET", "overview/"): ALL,
    ("GET", "figures/"): ALL,
    ("GET", "figures.csv"): ALL,
    ("GET", "ledger/"): ALL,
    ("GET", "digest/"): ALL,
    ("GET", "devices/"): ALL,
    ("POST", "devices/"): FLEET,
    ("GET", "devices/{device}/"): ALL,
    ("POST", "devices/{device}/token/"): FLEET,
    ("POST", "devices/{device}/revoke/"): FLEET,
    ("POST", "devices/{device}/commands/"): FLEET,
    ("PUT", "devices/{device}/camera/"): FLEET,
    ("DELETE", "devices/{device}/camera/"): FLEET,
    ("POST", "fleet-orders/"): FLEET,
    ("GET", "fleet-commands/"): ALL,
    ("POST", "fleet-commands/{command}/cancel/"): FLEET,
    ("GET", "fleet-alarms/"): ALL,
    ("GET", "fleet-uplinks/"): ALL,
    ("GET", "fleet-sightings/"): ALL,
    ("GET", "fleet-sightings/{sighting}/"): ALL,
    ("GET", "fleet-campaigns/"): ALL,
    ("POST", "fleet-campaigns/"): FLEET,
    ("POST", "fleet-campaigns/{campaign}/state/"): FLEET,
    ("GET", "fleet-releases/"): ALL,
    ("POST", "fleet-releases/"): FLEET,
    ("GET", "fleet-rollouts/"): ALL,
    ("POST", "fleet-rollouts/"): FLEET,
    ("POST", "fleet-rollouts/{rollout}/back/"): FLEET,
    ("POST", "fleet-simulations/"): FLEET,
    ("GET", "fleet-simulations/{simulation}/timeline/"): ALL,
    ("GET", "fleet-simulations/{simulation}/pictures/{number}"): ALL,
    ("GET", "acts/"): OWNERS,
    ("GET", "limits/"): OWNERS,
    ("PATCH", "limits/"): OWNERS,
    ("GET", "storage/"): OWNERS,
    ("GET", "workers/"): OWNERS,
    ("GET", "all-tokens/"): OWNERS,
    ("DELETE", "all-tokens/people/{token}/"): OWNERS,
    ("DELETE", "all-tokens/devices/{device_token}/"): OWNERS,
    ("GET", "footage-removals/"): OWNERS,
    ("POST", "footage-removals/"): OWNERS,
    ("GET", "footage-removals/{removal}/"): OWNERS,
    ("GET", "taxonomies/{taxonomy}/changes/"): OWNERS,
    ("POST", "taxonomies/{taxonomy}/changes/"): OWNERS,
    ("POST", "taxonomy-changes/{taxonomy_change}/undo/"): OWNERS,
    ("GET", "webhooks/"): OWNERS,
    ("POST", "webhooks/"): OWNERS,
    ("PATCH", "webhooks/{webhook}/"): OWNERS,
    ("DELETE", "webhooks/{webhook}/"): OWNERS,
    ("POST", "webhooks/{webhook}/secret/"): OWNERS,
    ("POST", "webhooks/{webhook}/ping/"): OWNERS,
    ("GET", "webhook-deliveries/"): OWNERS,
    ("POST", "webhook-deliveries/{delivery}/repeat/"): OWNERS,
    ("POST", "device/heartbeat/"): DEVICES_ALONE,
    ("POST", "device/alarms/"): DEVICES_ALONE,
    ("POST", "device/uplinks/"): DEVICES_ALONE,
    ("PATCH", "device/uplinks/{any}/"): DEVICES_ALONE,
    ("POST", "device/sightings/"): DEVICES_ALONE,
    ("GET", "device/commands/"): DEVICES_ALONE,
    ("POST", "device/commands/{any}/ack/"): DEVICES_ALONE,
    ("GET", "device/releases/{release}/file/"): DEVICES_ALONE,
}
LINK_IS_ENOUGH = {"invitation/", "invitation/accept/"}  # their secret is the right; nobody is logged in yet
SCHEMA = {("GET", "schema/"), ("GET", "docs/")}
UPLOAD_HEADERS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def objects(member):
    workspace = member.workspace
    drive = DriveFactory(workspace=workspace)
    frame = FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED, with_picture=True)
    track = Track.objects.create(drive=drive, number=1)
    BoxFactory(frame=frame, track=track)
    dataset = Dataset.objects.create(workspace=workspace, taxonomy=drive.taxonomy, name="data")
    version = DatasetVersion.objects.create(dataset=dataset, number=1, created_by=member.user)
    return {
        "drive": drive.id,
        "clip": frame.clip_id,
        "frame": frame.id,
        "track": track.id,
        "model": ModelVersionFactory(workspace=workspace).id,
        "upload": UploadFactory(drive=drive, created_by=member.user).id,
        "dataset": dataset.id,
        "version": version.id,
        "job": JobFactory(workspace=workspace).id,
        "evaluation": EvaluationFactory(workspace=workspace, dataset_version=version).id,
        "edge_export": EdgeExportFactory(workspace=workspace).id,
        "model_look": ModelLookFactory(frame__clip__drive__workspace=workspace).id,
        "run": TrainingRunFactory(workspace=workspace).id,
        "comparison": MethodComparisonFactory(workspace=workspace).id,
        "risk_model": RiskModelFactory(model_version__workspace=workspace).id,
        "prediction_set": PredictionSetFactory(run__workspace=workspace).id,
        "thread": (thread := thread_begin(frame=frame, author=member.user, text="Look")).id,
        "comment": thread.comments.get().id,
        "label_import": LabelImportFactory(drive=drive).id,
        "version_export": VersionExport.objects.create(version=version, format="voc").id,
        "disagreement": DisagreementFactory(opinion__frame=frame).id,
        "assignment": AssignmentFactory(workspace=workspace, drive=drive).id,
        "slice": Slice.objects.create(workspace=workspace, name="rain", created_by=member.user).id,
        "token": "nobody",
        "member": MembershipFactory(workspace=workspace).id,
        "invitation": InvitationFactory(workspace=workspace).id,
        "device": DeviceFactory(workspace=workspace).id,
        "command": CommandFactory(device__workspace=workspace).id,
        "sighting": SightingFactory(device__workspace=workspace).id,
        "campaign": TriggerCampaignFactory(workspace=workspace).id,
        "rollout": RolloutFactory(release=ReleaseFactory(workspace=workspace)).id,
        "simulation": JobFactory(workspace=workspace, kind=Job.Kind.SIMULATE_DEVICE).id,
        "webhook": (hook := WebhookFactory(workspace=workspace)).id,
        "delivery": webhook_ping(hook).id,
        "device_token": DeviceToken.objects.create(device=DeviceFactory(workspace=workspace), digest="d").id,
        "taxonomy": drive.taxonomy_id,
        "taxonomy_change": TaxonomyChangeFactory(taxonomy=drive.taxonomy).id,
        "removal": FootageRemoval.objects.create(workspace=workspace, why="retention", days=1).id,
        "number": 0,
        "any": uuid.UUID(int=0),
        "release": 1,
    }


def call(client, method, path, objects, **headers):
    name = f"/api/v1/{path.format(**objects)}"
    content = {} if method in ("GET", "HEAD", "DELETE") else {"data": {}, "format": "json"}
    if path == "fleet-releases/" and method == "POST":
        content = {"data": {}, "format": "multipart"}
    if "uploads" in path:
        headers |= UPLOAD_HEADERS
        content = {"data": b"", "content_type": "application/offset+octet-stream"} if method == "PATCH" else {}
    return getattr(client, method.lower())(name, headers=headers, **content)


def test_every_path_of_the_api_is_named_here():
    assert api_paths() == set(EXPECTED) | SCHEMA


@pytest.mark.parametrize(("method", "path"), EXPECTED, ids=lambda value: str(value))
def test_each_role_gets_what_the_table_says(method, path, member, objects, client_of):
    for role in Role.values:
        asker = MembershipFactory(workspace=member.workspace, role=role)
        status = call(client_of(asker), method, path, objects).status_code
        assert (status != 403) == (role in EXPECTED[method, path]), f"{role}: {method} {path} gave {status}"
        assert status < 500


@pytest.mark.parametrize(("method", "path"), EXPECTED, ids=lambda value: str(value))
def test_nobody_and_strangers_get_nothing(method, path, objects, api_client, stranger):
    assert call(api_client, method, path, objects).status_code == (400 if path in LINK_IS_ENOUGH else 401)
    if "{" in path and "{token}" not in path and EXPECTED[method, path] is not DEVICES_ALONE:
        assert call(stranger, method, path, objects).status_code in (400, 404)


def test_a_workspace_that_is_not_mine_cannot_be_named(member, client_of):
    client = client_of(MembershipFactory())
    response = client.get("/api/v1/overview/", headers={"X-Workspace": member.workspace.slug})
    assert (response.status_code, response.json()["code"]) == (403, "no_workspace")


def test_somebody_without_a_workspace_is_told_so(api_client):
    api_client.force_authenticate(UserFactory())
    assert api_client.get("/api/v1/me/").json()["code"] == "no_workspace"


def test_a_token_works_until_it_is_revoked(client, api_client):
    made = client.post("/api/v1/tokens/").json()
    headers = {"Authorization": f"Token {made['token']}"}
    assert api_client.get("/api/v1/me/", headers=headers).status_code == 200
    assert client.delete(f"/api/v1/tokens/{made['key']}/").status_code == 204
    assert api_client.get("/api/v1/me/", headers=headers).status_code == 401


def test_there_is_no_open_sign_up(client):
    body = {"email": f"{uuid.uuid4()}@example.org", "password": "a-long-password-1"}
    assert client.post("/_allauth/browser/v1/auth/signup", body, format="json").status_code in (401, 403, 409)


def api_paths():
    """(method, path) of everything under /api/v1/, with parameters named as above."""
    return set(_walk(get_resolver().url_patterns, ""))


NAMES = {"uploads": "upload", "drives": "drive", "clips": "clip", "frames": "frame", "models": "model", "jobs": "job"}
NAMES |= {"datasets": "dataset", "dataset-versions": "version", "tokens": "token"}
NAMES |= {"evaluations": "evaluation", "training-runs": "run", "training-comparisons": "comparison"}
NAMES |= {"slices": "slice", "members": "member", "invitations": "invitation"}
NAMES |= {"training-predictions": "prediction_set", "risk-models": "risk_model"}
NAMES |= {"devices": "device", "fleet-commands": "command", "fleet-campaigns": "campaign", "fleet-rollouts": "rollout"}
NAMES |= {"fleet-simulations": "simulation", "fleet-sightings": "sighting", "device": "any"}
NAMES |= {"label-imports": "label_import", "version-exports": "version_export"}
NAMES |= {"threads": "thread", "comments": "comment", "assignments": "assignment", "tracks": "track"}
NAMES |= {"disagreements": "disagreement", "webhooks": "webhook", "webhook-deliveries": "delivery"}
NAMES |= {"footage-removals": "removal", "taxonomies": "taxonomy", "taxonomy-changes": "taxonomy_change"}
NAMES |= {"disagreements": "disagreement", "edge-exports": "edge_export", "model-looks": "model_look"}


def _walk(patterns, prefix):
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern.url_patterns, path)
        elif path.startswith("api/v1/"):
            path = path.removeprefix("api/v1/")
            path = path.replace("<int:number>", "{number}").replace(
                "device/releases/<int:pk>", "device/releases/{release}"
            )
            path = (
                path.replace("people/<str:key>", "people/{token}").replace(
                    "devices/<int:pk>/", "devices/{device_token}/"
                )
                if path.startswith("all-tokens/")
                else path
            )
            path = re.sub(r"<[^>]+>", "{" + NAMES.get(path.split("/")[0], "") + "}", path)
            view = getattr(pattern.callback, "cls", None) or getattr(pattern.callback, "view_class", None)
            for method in ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"):
                if method == "HEAD" and "get" in vars_of(view):
                    continue
                if method.lower() in vars_of(view):
                    yield method, path


def vars_of(view):
    return {name for name in ("get", "post", "patch", "put", "delete", "head") if hasattr(view, name)}
