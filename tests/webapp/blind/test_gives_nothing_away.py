"""What an annotator may read is asked of every endpoint there is: nothing names what is behind a blind trial.

The walk takes the paths from the table of rights, so that a new one is walked too.
"""

import json

import pytest

from tests.webapp.accounts.test_rights import EXPECTED, Role
from tests.webapp.blind.conftest import send
from webapp.audit.models import Lease
from webapp.blind.selectors import held_trials
from webapp.footage.models import Frame
from webapp.labels.models import Box, Track
from webapp.review.threads import thread_begin

pytestmark = pytest.mark.django_db
ERRORS = ("shifted", "relabelled", "ghost", "hidden")
READABLE = sorted(path for (method, path), roles in EXPECTED.items() if method == "GET" and Role.ANNOTATOR in roles)
QUERIES = {
    "crops/": {"category": "{category}"},
    "tracks/": {"drive": "{drive}"},
    "frames/{frame}/comparison/": {"a": "model:{model}", "b": "model:{model}"},
    "frames/": {"page_size": "500"},
    "review-frames/": {"stage": "unreviewed"},
    "explore/similar/": {"frame": "{frame}"},
    "edge-figures/": {"size": "nano", "width": "640", "height": "384"},
}
NO_LABELS = (
    "frames/{frame}/image",
    "frames/{frame}/thumbnail",
    "models/{model}/download/",
    "me/second-factor.svg",
)  # pictures and files


@pytest.fixture
def at_trial(trial, drive, member, annotator):
    """The annotator is at a trial of every kind of error; the frames have been talked of, belong to a track, and are lent to them."""

    def made(error):
        one = trial(error)
        frame = one.frame
        track = Track.objects.create(drive=drive, number=1, model_version=drive.label_model)
        Box.objects.filter(frame=frame).update(track=track)
        thread_begin(frame=frame, author=member.user, text="a word about it", box=None)
        Lease.objects.create(frame=frame, user=annotator.user, expires_at="2999-01-01T00:00:00Z")
        send(frame, annotator.user, {"kind": "accept", "box": Box.rows.filter(trial=one).first().client_id})
        return one

    return made


def answer(client, path, ids):
    query = {name: value.format(**ids) for name, value in QUERIES.get(path, {}).items()}
    response = client.get(f"/api/v1/{path.format_map(ids)}", query)
    if path in NO_LABELS or response.status_code == 404:
        return None
    assert response.status_code == 200, (path, response.content)
    if "json" not in response.headers["Content-Type"]:
        return b"".join(response).decode()
    return response.json()


def ids_of(trial):
    """The trial's frame and what belongs to it; everything else is somewhere where there is nothing."""
    drive = trial.frame.drive
    found = {"frame": trial.frame_id, "drive": drive.id, "clip": trial.frame.clip_id, "model": drive.label_model_id}
    found |= {"track": Track.objects.get().id, "category": drive.taxonomy.categories.get(index=0).id}
    return Nowhere(found)


class Nowhere(dict):
    def __missing__(self, name):
        return 0


def objects(value):
    """Every object of a JSON answer."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


@pytest.mark.parametrize("error", ERRORS)
def test_no_endpoint_names_what_the_frame_is_to_others(at_trial, client_of, annotator, member, error):
    trial = at_trial(error)
    client, ids = client_of(annotator), ids_of(trial)
    labels = list(Box.objects.filter(frame=trial.frame_id))
    secrets = {str(box.client_id) for box in labels} | {str(box.client_id.int >> 76) for box in labels}
    secrets |= {"a word about it"}
    walked = 0
    for path in READABLE:
        told = answer(client, path, ids)
        if told is None:
            continue
        walked += 1
        text = json.dumps(told)
        assert not [secret for secret in secrets if secret in text], path
        for one in objects(told):
            if trial.frame_id in (one.get("frame"), one.get("id") if "sha256" in one or "boxes" in one else None):
                assert one.get("state") != "audited", path
                by = one.get("user") or one.get("actor") or {}
                assert not isinstance(by, dict) or by.get("id") != member.user_id, path
    assert walked > 30


def listed(client, ids, **query):
    """The trial's frame as a list has it; None where it is not in it."""
    rows = client.get("/api/v1/frames/", {"drive": ids["drive"], **query}).json()["results"]
    return next((row for row in rows if row["id"] == ids["frame"]), None)


def test_lists_find_the_frame_by_what_it_is_to_the_person(at_trial, client_of, annotator, client):
    trial = at_trial("relabelled")
    theirs, ids = client_of(annotator), ids_of(trial)
    categories = set(Box.rows.filter(trial=trial).values_list("category", flat=True))
    for category in (0, 1):
        category = trial.frame.drive.taxonomy.categories.get(index=category).id
        assert bool(listed(theirs, ids, category=category)) == (category in categories)
    assert listed(theirs, ids, state="in_audit")["state"] == "in_audit"
    Frame.objects.filter(id=trial.frame_id).update(scene={"time_of_day": "night"})
    assert listed(theirs, ids, light="night")
    assert not listed(theirs, ids, light="day")
    assert trial.frame_id in held_trials(annotator.user, trial.frame.workspace, light="night")
    assert held_trials(annotator.user, trial.frame.workspace, light="day") == {}
    assert listed(theirs, ids, state="audited") is None
    assert listed(client, ids, state="audited")["state"] == "audited"
    trial.refresh_from_db()
    assert listed(theirs, ids, risk_min=trial.risk - 1e-6, risk_max=trial.risk + 1e-6)["risk"] == trial.risk
    assert listed(theirs, ids, risk_min=trial.risk + 1e-6) is None


@pytest.mark.parametrize("ordering", ["-risk", "risk", "time_ms", "-id", ""])
@pytest.mark.parametrize("size", [1, 5])
def test_lists_in_any_order_hold_every_frame_once(at_trial, client_of, annotator, ordering, size):
    trial = at_trial("ghost")
    ids, client = ids_of(trial), client_of(annotator)
    order = {"ordering": ordering} if ordering else {}
    address, found = "/api/v1/frames/", []
    query = {"drive": ids["drive"], "page_size": size, **order}
    while address:
        page = client.get(address, query).json()
        assert 0 < len(page["results"]) <= size
        found, address, query = [*found, *page["results"]], page["next"], None
    assert sorted(row["id"] for row in found) == sorted(
        Frame.objects.filter(drive=ids["drive"]).values_list("id", flat=True)
    )
    if field := ordering.lstrip("-"):
        values = [row[field] for row in found]
        assert values == sorted(values, reverse=ordering.startswith("-"))


def test_counts_are_as_if_the_frame_waited(at_trial, client_of, annotator, client):
    trial = at_trial("ghost")
    drive = trial.frame.drive_id
    theirs = client_of(annotator).get(f"/api/v1/drives/{drive}/").json()["counts"]
    owners = client.get(f"/api/v1/drives/{drive}/").json()["counts"]
    assert (theirs["audited"], theirs["in_audit"]) == (owners["audited"] - 1, owners["in_audit"] + 1)
    home = client_of(annotator).get("/api/v1/overview/").json()["frames"]
    assert home["audited"] == client.get("/api/v1/overview/").json()["frames"]["audited"] - 1


def test_ones_own_work_is_there_as_of_any_frame(at_trial, client_of, annotator):
    trial = at_trial("ghost")
    client = client_of(annotator)
    [operation] = client.get("/api/v1/operations/").json()["results"]
    assert operation["frame"] == trial.frame_id
    [decision] = client.get("/api/v1/decisions/").json()["results"]
    assert decision["frame"] == trial.frame_id
    shown = {crop["box"]["client_id"] for crop in answer(client, "crops/", ids_of(trial))["results"]}
    waiting = Box.rows.filter(trial=trial, state=Box.State.PENDING, category=ids_of(trial)["category"])
    assert {str(box.client_id) for box in waiting} <= shown


def test_a_comparison_is_of_what_the_person_sees(at_trial, client_of, annotator):
    trial = at_trial("shifted")
    ids = ids_of(trial)
    pairs = answer(client_of(annotator), "frames/{frame}/comparison/", ids)["pairs"]
    assert {pair["a"]["x"] for pair in pairs} == set(Box.rows.filter(trial=trial).values_list("x", flat=True))
