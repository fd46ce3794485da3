"""A person's own keys: kept, the same everywhere, and nothing but keys."""

import pytest

from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/keys/"
MINE = {
    "profile": "cvat",
    "single_keys": False,
    "keys": {"accept": ["Enter", "Mod+Shift+a"], "nudge": ["", "j"], "category:traffic light": ["t"], "reject": []},
}


def test_nobody_has_chosen_at_first(client):
    assert client.get(URL).json() == {"profile": "default", "single_keys": True, "keys": {}, "chosen": False}


def test_keys_follow_the_person_into_every_workspace_and_no_other_person(client, member, client_of):
    put = client.put(URL, MINE, format="json")
    assert (put.status_code, put.json()) == (200, {**MINE, "chosen": True})
    elsewhere = MembershipFactory(user=member.user)
    assert client_of(elsewhere).get(URL).json() == {**MINE, "chosen": True}
    other = MembershipFactory(workspace=member.workspace)
    assert client_of(other).get(URL).json()["chosen"] is False


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"profile": "vim"}, "profile"),
        ({"single_keys": "perhaps"}, "single_keys"),
        ({"keys": {"accept": ["Hyper+x"]}}, "keys.accept.0"),
        ({"keys": {"accept": ["Shift+Mod+x"]}}, "keys.accept.0"),
        ({"keys": {"accept": ["a b"]}}, "keys.accept.0"),
        ({"keys": {"accept": "Enter"}}, "keys.accept"),
        ({"keys": {"accept": ["x"] * 17}}, "keys.accept"),
        ({"keys": {"<script>": ["x"]}}, "keys"),
        ({"keys": {f"c{n}": ["x"] for n in range(201)}}, "keys"),
    ],
)
def test_what_is_no_key_is_refused_and_named(client, change, field):
    response = client.put(URL, {**MINE, **change}, format="json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert field in response.json()["fields"]
    assert client.get(URL).json()["chosen"] is False


@pytest.mark.parametrize("missing", MINE)
def test_half_an_answer_is_refused(client, missing):
    response = client.put(URL, {name: value for name, value in MINE.items() if name != missing}, format="json")
    assert missing in response.json()["fields"]
