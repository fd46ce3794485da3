"""A launch is checked whole before anything is queued, and says which field is wrong."""

import pytest

from tests.factories import (
    DatasetFactory,
    MethodSpecFactory,
    ModelVersionFactory,
    TrainingRunFactory,
    VersionFactory,
)
from webapp.core.errors import DomainError
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from webapp.training.models import MethodSpec, TrainingRun
from webapp.training.options import problem
from webapp.training.services import methods_publish, run_launch, run_words

pytestmark = pytest.mark.django_db
PATH = "/api/v1/training-runs/"


def split(*drives, boxes=5):
    return {"drives": list(drives), "frames": 3, "boxes": boxes}


@pytest.fixture
def version(workspace) -> DatasetVersion:
    splits = {"train": split("a", "b"), "val": split("c"), "test": split("d"), "bare": split("e", boxes=0)}
    return VersionFactory(
        dataset=DatasetFactory(workspace=workspace),
        state=DatasetVersion.State.FROZEN,
        digest="d" * 64,
        summary={"frames": 12, "boxes": 15, "splits": splits},
    )


@pytest.fixture(autouse=True)
def method() -> MethodSpec:
    return MethodSpecFactory()


@pytest.fixture
def launch(client):
    return lambda **values: client.post(PATH, {"name": "first", "size": "nano", **values}, format="json")


def test_a_run_is_launched_with_every_option_pinned(launch, client, version):
    init = ModelVersionFactory(workspace=version.dataset.workspace, family="grounding-dino")
    made = launch(dataset_version=version.id, init=init.id, size="", seed=7, options={"iterations": 20})
    assert made.status_code == 201, made.json()
    run = made.json()
    assert run["options"] == {"iterations": 20, "rate": 0.1, "precision": "auto"}
    assert (run["iterations"], run["seed"], run["init"]["id"]) == (20, 7, init.id)
    assert run["dataset_version"]["id"] == version.id
    assert run["code_version"]
    assert run["job"]["kind"] == "train_model"
    assert client.get(PATH).json()["results"][0] == run == client.get(f"{PATH}{run['id']}/").json()


def test_without_a_version_it_trains_on_rendered_scenes(launch):
    run = launch(validation_split="").json()
    assert (run["dataset_version"], run["train_split"], run["validation_split"]) == (None, "rendered", "")


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"method": "magic"}, "unknown_method", "method"),
        ({"family": "ssd"}, "wrong_family", "family"),
        ({"size": "giant"}, "unknown_size", "size"),
        ({"size": ""}, "size_required", "size"),
        ({"options": {"lr": 1}}, "bad_options", "options.lr"),
        ({"options": {"iterations": "9"}}, "bad_options", "options.iterations"),
        ({"options": {"iterations": 0}}, "bad_options", "options.iterations"),
        ({"options": {"iterations": True}}, "bad_options", "options.iterations"),
        ({"options": {"iterations": 10**400}}, "bad_options", "options.iterations"),
        ({"options": {"rate": 10**400}}, "bad_options", "options.rate"),
        ({"options": {"precision": "fp8"}}, "bad_options", "options.precision"),
        ({"dataset_version": 99999}, "unknown_object", "dataset_version"),
        ({"init": 99999}, "unknown_object", "init"),
        ({"seed": -1}, "invalid", "seed"),
        ({"name": ""}, "invalid", "name"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_is_queued(launch, values, code, field):
    refused = launch(**values)
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == code
    assert field in refused.json()["fields"]
    assert not TrainingRun.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("splits", "code", "field"),
    [
        ({"train_split": "bare"}, "empty_split", "train_split"),
        ({"train_split": "gone"}, "empty_split", "train_split"),
        ({"validation_split": "bare"}, "empty_split", "validation_split"),
        ({"train_split": "test"}, "shared_drives", "train_split"),
        ({"train_split": "val"}, "shared_drives", "train_split"),
    ],
)
def test_splits_must_have_labels_and_be_apart(launch, version, splits, code, field):
    refused = launch(dataset_version=version.id, **splits)
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert field in refused.json()["fields"]


def test_a_split_that_shares_a_drive_with_the_test_split_is_refused(launch, version):
    version.summary["splits"]["test"]["drives"].append("b")
    version.save()
    refused = launch(dataset_version=version.id)
    assert refused.json()["code"] == "shared_drives"
    assert "'b'" in refused.json()["detail"]


def test_a_version_that_is_not_frozen_is_refused(launch, version):
    version.state = DatasetVersion.State.FREEZING
    version.save()
    assert launch(dataset_version=version.id).json()["code"] == "not_frozen"


@pytest.fixture
def cld() -> MethodSpec:
    """A method that learns from a teacher and cannot serve every detector."""
    return MethodSpecFactory(name="cld", needs_teacher=True, refused={"yolox": "It has no text to compare with."})


def test_a_run_learns_from_its_teacher_which_may_be_where_it_begins(launch, workspace, cld):
    teacher = ModelVersionFactory(workspace=workspace, family="grounding-dino")
    run = launch(method="cld", teacher=teacher.id, init=teacher.id, size="").json()
    assert run["teacher"] == run["init"] == {"id": teacher.id, "name": teacher.name}
    copy = launch(
        name="copy", method="cld", teacher=run["teacher"]["id"], cloned_from=run["id"], options=run["options"]
    )
    assert copy.json()["teacher"] == run["teacher"]


def test_a_teacher_is_asked_for_exactly_where_one_is_needed(launch, workspace, cld):
    teacher = ModelVersionFactory(workspace=workspace)
    foreign = ModelVersionFactory()
    for plan, code in [
        ({"method": "cld"}, "teacher_required"),
        ({"method": "cld", "teacher": foreign.id}, "unknown_object"),
        ({"method": "none", "teacher": teacher.id}, "needless_teacher"),
    ]:
        refused = launch(**plan)
        assert (refused.status_code, refused.json()["code"]) == (400, code)
        assert refused.json()["fields"].keys() == {"teacher"}
    assert not TrainingRun.objects.exists()


def test_a_detector_that_a_method_cannot_serve_is_refused_in_its_own_words(launch, workspace, cld):
    teacher = ModelVersionFactory(workspace=workspace)
    refused = launch(method="cld", family="yolox", teacher=teacher.id)
    assert refused.json()["code"] == "wrong_family"
    assert refused.json()["fields"] == {"family": "It has no text to compare with."}


def test_a_method_that_no_detector_can_take_is_listed_and_not_launched(launch, client):
    why = "It wants distributions over the edges of boxes."
    MethodSpecFactory(name="ld", title="LD", families=[], sizes={}, refused={"yolox": why, "grounding-dino": why})
    listed = client.get("/api/v1/training-methods/").json()["results"]
    assert [(each["name"], each["families"]) for each in listed] == [("none", ["grounding-dino"]), ("ld", [])]
    for family in ("", "yolox"):
        refused = launch(method="ld", family=family).json()
        assert (refused["code"], refused["fields"]) == ("not_runnable", {"method": why})
    assert not TrainingRun.objects.exists()


def test_the_control_is_the_first_of_the_methods(client):
    for name in ("afd", "zz"):
        MethodSpecFactory(name=name, title=name.upper())
    listed = client.get("/api/v1/training-methods/").json()["results"]
    assert [each["name"] for each in listed] == ["none", "afd", "zz"]


def test_an_option_says_which_detector_it_is_for(client):
    option = {
        "name": "noised",
        "kind": "int",
        "default": 1,
        "help": "h.",
        "group": "g",
        "minimum": None,
        "maximum": None,
    }
    old = {**option, "choices": []}  # published before options named a detector
    MethodSpecFactory(name="afd", title="AFD", options=[old, {**old, "name": "gflops", "family": "yolox"}])
    [_, listed] = client.get("/api/v1/training-methods/").json()["results"]
    assert [(each["name"], each["family"]) for each in listed["options"]] == [("noised", ""), ("gflops", "yolox")]


def test_a_teacher_is_kept_as_long_as_a_run_names_it(launch, client, workspace, cld):
    teacher = ModelVersionFactory(workspace=workspace)
    launch(method="cld", teacher=teacher.id)
    assert client.delete(f"/api/v1/models/{teacher.id}/").json()["code"] == "model_in_use"


def test_an_estimate_knows_its_teacher(client, workspace, cld):
    teacher = ModelVersionFactory(workspace=workspace)
    plan = {"method": "cld", "size": "nano", "teacher": teacher.id}
    asked = client.post(f"{PATH}estimate/", plan, format="json").json()
    assert asked["job"]["params"]["teacher"] == teacher.id


@pytest.mark.parametrize(("method_name", "words"), [("none", "labels only"), ("cld", "cld")])
def test_runs_are_named_in_words(method_name, words):
    assert run_words(method_name) == words


def test_a_name_is_taken_once(launch):
    assert launch().status_code == 201
    assert (launch().status_code, launch().json()["code"]) == (409, "name_taken")


def test_a_limit_may_stand_alone(method):
    """A method need not name both ends."""
    only_low = {"name": "rate", "kind": "float", "minimum": 0, "maximum": None, "choices": []}
    only_high = {"name": "rate", "kind": "float", "minimum": None, "maximum": 1, "choices": []}
    assert problem(only_low, -1.0) == "Must be at least 0."
    assert problem(only_high, 2.0) == "Must be at most 1."
    assert problem(only_low, 5.0) is problem(only_high, -5.0) is None
    assert problem(only_low, float("nan")) == "Must be a finite number."


@pytest.mark.parametrize(("values", "code"), [({"seed": -1}, "bad_seed"), ({"name": "n" * 121}, "bad_name")])
def test_a_launch_that_comes_by_no_form_is_checked_too(workspace, values, code):
    plan = {"name": "first", "method": "none", "size": "nano", **values}
    with pytest.raises(DomainError) as refused:
        run_launch(workspace=workspace, created_by=None, **plan)
    assert refused.value.code == code


def test_an_estimate_asked_twice_by_one_key_is_one_job(client):
    asked = [client.post(f"{PATH}estimate/", {"size": "nano"}, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert asked[0].json() == asked[1].json()
    assert Job.objects.count() == 1


def test_an_estimate_checks_the_same_and_makes_no_run(client, version):
    refused = client.post(f"{PATH}estimate/", {"size": "giant"}, format="json")
    assert refused.json()["fields"].keys() == {"size"}
    asked = client.post(f"{PATH}estimate/", {"size": "nano", "dataset_version": version.id}, format="json")
    assert asked.status_code == 202
    job = Job.objects.get(id=asked.json()["job"]["id"])
    assert (job.kind, job.params["dataset_version"]) == ("estimate_run", version.id)
    assert not TrainingRun.objects.exists()


def test_only_a_run_that_ended_badly_is_resumed(client, workspace):
    run = TrainingRunFactory(workspace=workspace)
    assert client.post(f"{PATH}{run.id}/resume/").json()["code"] == "job_not_ended"
    Job.objects.filter(id=run.job_id).update(state=Job.State.CANCELLED)
    assert client.post(f"{PATH}{run.id}/resume/").json()["job"]["state"] == "queued"


def test_methods_are_those_that_were_published_last(client, method):
    spec = {"name": "cld", "title": "CLD", "description": "d", "families": [], "sizes": {}, "options": []}
    spec |= {"needs_teacher": True, "refused": {"yolox": "No text."}, "paper": "arXiv 1"}
    methods_publish([spec])
    assert client.get("/api/v1/training-methods/").json()["results"] == [spec]
