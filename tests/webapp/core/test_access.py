"""Whatever is asked of the API, the answer is an answer: no method and no number breaks a view."""

import pytest

from webapp.accounts.models import Membership

pytestmark = pytest.mark.django_db
LISTS = ("datasets/", "models/", "jobs/", "drives/", "taxonomies/", "tokens/", "me/", "overview/", "audit/claim/")
BEYOND_64_BITS = 10**30


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"])
def test_a_method_that_is_not_served_is_said_to_be(client, method, path):
    status = client.generic(method, f"/api/v1/{path}").status_code
    assert status == (200 if method == "OPTIONS" else 405) or (method == "HEAD" and status == 200)


def test_head_needs_the_right_of_get(member, client_of):
    member.role = Membership.Role.VIEWER
    member.save()
    assert client_of(member).head("/api/v1/datasets/").status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("audit/heartbeat/", {"frames": [BEYOND_64_BITS]}),
        ("audit/release/", {"frames": [-1]}),
        ("audit/claim/", {"exclude": [BEYOND_64_BITS]}),
        ("audit/claim/", {"drive": BEYOND_64_BITS}),
        ("datasets/", {"name": "x", "taxonomy": BEYOND_64_BITS}),
        ("datasets/", {"name": "nul\0"}),
        ("models/", {"name": "x" * 121, "ref": "a"}),
        ("audit/claim/", ["not", "an", "object"]),
    ],
)
def test_a_value_that_cannot_be_is_named(client, path, body):
    response = client.post(f"/api/v1/{path}", body, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["fields"]


@pytest.mark.parametrize("path", ["frames/{}/", "models/{}/", "datasets/{}/", "dataset-versions/{}/coco/"])
def test_an_id_that_is_nobodys_is_not_found(client, path):
    for id in (0, 987_654_321, BEYOND_64_BITS):
        assert client.get(f"/api/v1/{path.format(id)}").status_code == 404


@pytest.mark.parametrize("number", ["²", "", "x", "-1"])
def test_a_filter_that_is_no_number_filters_nothing(client, number):
    assert client.get("/api/v1/audit/summary/", {"drive": number}).status_code == 200
    assert client.get("/api/v1/jobs/", {"drive": number}).status_code == 200
