"""Methods compared: runs that differ in method and seed alone, and what is said of them over the seeds."""

import orjson
import pytest

from tests.factories import (
    DatasetFactory,
    EvaluationFactory,
    MethodSpecFactory,
    ModelVersionFactory,
    TrainingRunFactory,
    VersionFactory,
)
from webapp.core import storage
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from webapp.training.models import MethodComparison, TrainingRun
from webapp.training.services import metrics_record

pytestmark = pytest.mark.django_db
PATH = "/api/v1/training-comparisons/"
TEMPERATURE = {"name": "temperature", "kind": "float", "default": 1.0, "minimum": 0.1, "maximum": 9, "choices": []}
TEMPERATURE |= {"help": "Softness.", "group": "CLD"}


@pytest.fixture(autouse=True)
def methods():
    control = MethodSpecFactory()
    options = [*control.options, TEMPERATURE]
    refused = {"yolox": "It has no text."}
    MethodSpecFactory(name="cld", title="CLD", needs_teacher=True, options=options, refused=refused)
    MethodSpecFactory(name="rpld", title="RPLD", options=control.options)


@pytest.fixture
def teacher(workspace):
    return ModelVersionFactory(workspace=workspace, family="grounding-dino")


@pytest.fixture
def compare(client, teacher):
    plan = {"name": "which", "methods": ["cld", "rpld"], "size": "nano", "teacher": teacher.id}
    return lambda **values: client.post(PATH, {**plan, **values}, format="json")


@pytest.fixture
def comparison(compare):
    return MethodComparison.objects.get(id=compare().json()["id"])


def test_every_method_is_trained_with_every_seed_the_control_first_seed_by_seed(compare, teacher, rung):
    made = compare(options={"iterations": 20}, method_options={"cld": {"temperature": 2}})
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["methods"], body["seeds"]) == (["none", "cld", "rpld"], [0, 1, 2])
    assert body["options"] == {"iterations": 20, "rate": 0.1, "precision": "auto"}
    assert body["method_options"] == {"none": {}, "cld": {"temperature": 2}, "rpld": {}}
    assert body["progress"]["runs"]["queued"] == 9
    assert (body["progress"]["done"], body["progress"]["total"]) == (0, 180)
    runs = list(TrainingRun.objects.order_by("id"))
    assert [(run.method, run.seed) for run in runs[:4]] == [("none", 0), ("cld", 0), ("rpld", 0), ("none", 1)]
    assert [run.teacher for run in runs[:3]] == [None, teacher, None]
    assert {run.options["iterations"] for run in runs} == {20}
    assert runs[0].name == "which · labels only · seed 0"


def test_each_run_is_rung_once(compare, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        compare()
    assert rung == [str(run.job_id) for run in TrainingRun.objects.order_by("id")]


def test_runs_of_a_comparison_lead_back_to_it(comparison, client):
    run = comparison.runs.first()
    assert client.get(f"/api/v1/training-runs/{run.id}/").json()["comparison"] == {"id": comparison.id, "name": "which"}


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"name": " "}, "invalid", "name"),
        ({"methods": []}, "bad_comparison", "methods"),
        ({"methods": ["none"]}, "bad_comparison", "methods"),
        ({"methods": ["magic"]}, "unknown_method", "methods"),
        ({"methods": ["cld"], "teacher": None}, "teacher_required", "teacher"),
        ({"methods": ["cld"], "family": "yolox", "size": ""}, "wrong_family", "family"),
        ({"seeds": [4]}, "bad_comparison", "seeds"),
        ({"seeds": [4, 4]}, "bad_comparison", "seeds"),
        ({"seeds": list(range(60)), "methods": ["cld", *"abcde"]}, "bad_comparison", "seeds"),
        ({"size": "giant"}, "unknown_size", "size"),
        ({"options": {"temperature": 1}}, "bad_options", "options.temperature"),
        ({"options": {"iterations": 0}}, "bad_options", "options.iterations"),
        ({"method_options": {"cld": {"temperature": 0}}}, "bad_options", "method_options.cld.temperature"),
        ({"method_options": {"fgd": {}}}, "bad_comparison", "method_options"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_nothing_is_queued(compare, values, code, field):
    refused = compare(**values)
    assert refused.status_code == 400
    assert (refused.json()["code"], list(refused.json()["fields"])) == (code, [field])
    assert not Job.objects.exists()
    assert not MethodComparison.objects.exists()


def test_a_method_that_cannot_train_the_detector_is_named_among_the_methods(compare):
    control = MethodSpecFactory()
    control.families = ["grounding-dino", "yolox"]
    control.sizes |= {"yolox": ["nano"]}
    control.save()
    refused = compare(methods=["cld"], family="yolox").json()
    assert refused["fields"] == {"methods": "It has no text."}
    assert refused["detail"].startswith("cld: ")


def test_a_name_is_taken_once(compare):
    compare()
    again = compare()
    assert (again.status_code, again.json()["code"], list(again.json()["fields"])) == (409, "name_taken", ["name"])
    assert TrainingRun.objects.count() == 9


def test_a_run_that_has_the_name_already_makes_no_half_comparison(compare, workspace):
    TrainingRunFactory(workspace=workspace, name="which · rpld · seed 2")
    assert compare().json()["code"] == "name_taken"
    assert not MethodComparison.objects.exists()
    assert TrainingRun.objects.count() == 1


def test_a_stranger_finds_none(comparison, stranger):
    assert stranger.get(PATH).json()["results"] == []
    for path in ("", "standings/"):
        assert stranger.get(f"{PATH}{comparison.id}/{path}").status_code == 404
    for order in ("cancel/", "retry/"):
        assert stranger.post(f"{PATH}{comparison.id}/{order}").status_code == 404
    assert set(Job.objects.values_list("state", flat=True)) == {"queued"}


def ended(run, state=Job.State.SUCCEEDED, **figures):
    Job.objects.filter(id=run.job_id).update(state=state, done=run.options["iterations"])
    if figures:
        metrics_record(run, [{"kind": "validate", "iteration": 100, **figures}])


def test_the_whole_is_stopped_the_waiting_first_and_tried_again(client, comparison):
    first, second, *_ = comparison.runs.order_by("id")
    ended(first)
    Job.objects.filter(id=second.job_id).update(state=Job.State.RUNNING, lease_expires_at="2030-01-01T00:00Z")
    stopped = client.post(f"{PATH}{comparison.id}/cancel/").json()["progress"]
    assert stopped["runs"] == {"queued": 0, "running": 1, "succeeded": 1, "failed": 0, "cancelled": 7}
    assert Job.objects.get(id=second.job_id).cancel_requested
    Job.objects.filter(id=second.job_id).update(state=Job.State.FAILED)
    assert client.post(f"{PATH}{comparison.id}/cancel/").json()["code"] == "nothing_runs"
    again = client.post(f"{PATH}{comparison.id}/retry/").json()["progress"]
    assert again["runs"] == {"queued": 8, "running": 0, "succeeded": 1, "failed": 0, "cancelled": 0}
    assert client.post(f"{PATH}{comparison.id}/retry/").json()["code"] == "nothing_failed"


def test_what_is_left_is_told_from_the_steps_of_each_method(client, comparison):
    for run, seconds in zip(comparison.runs.order_by("id"), (2.0, 4.0), strict=False):
        ended(run)
        metrics_record(run, [{"kind": "train", "iteration": n, "seconds": seconds + n / 10} for n in (0, 2)])
    progress = client.get(f"{PATH}{comparison.id}/").json()["progress"]
    assert (progress["done"], progress["total"]) == (200, 900)
    # Seven are left: two of the control, two of cld, three that nobody has timed.
    assert progress["seconds_left"] == pytest.approx(100 * (2 * 2.1 + 2 * 4.1 + 3 * 3.1))


def test_standings_pair_the_runs_by_their_seed(client, comparison):
    for run in comparison.runs.all():
        gain = {"none": 0.0, "cld": 0.05, "rpld": -0.02}[run.method]
        figures = {"AP": 0.2 + run.seed / 10 + gain, "AP50": None, "per_category": {"bicyclist": 0.1 + gain}}
        metrics_record(run, [{"kind": "validate", "iteration": 50, "AP": 0.01}])  # worse: other weights were kept
        metrics_record(run, [{"kind": "train", "iteration": 10, "seconds": 1.5 if run.method == "cld" else 1.0}])
        ended(run, **figures)
    found = client.get(f"{PATH}{comparison.id}/standings/").json()
    assert (found["measured_on"], found["figure"]) == ("validation", "AP")
    control, cld, rpld = found["rows"]
    assert (control["mean"], control["deviation"]) == (pytest.approx(0.3), pytest.approx(0.1))
    assert control["against_control"] is None
    assert cld["against_control"]["difference"] == pytest.approx(0.05)
    assert (cld["against_control"]["low"], cld["against_control"]["pairs"]) == (pytest.approx(0.05), 3)
    assert rpld["against_control"]["high"] == pytest.approx(-0.02)
    assert (cld["step_seconds"], cld["step_ratio"]) == (1.5, 1.5)
    assert [run["value"] for run in cld["runs"]] == pytest.approx([0.25, 0.35, 0.45])
    assert cld["claims"][0]["paper"].startswith("MMKD")
    rare = client.get(f"{PATH}{comparison.id}/standings/", {"figure": "category:bicyclist"}).json()
    assert rare["rows"][1]["mean"] == pytest.approx(0.15)
    assert "category:bicyclist" in rare["figures"]


def test_runs_that_have_not_ended_well_give_no_figure(client, comparison):
    runs = list(comparison.runs.order_by("id"))
    metrics_record(runs[0], [{"kind": "validate", "iteration": 50, "AP": 0.5}])  # it still trains
    ended(runs[1], Job.State.FAILED, AP=0.4)
    rows = client.get(f"{PATH}{comparison.id}/standings/").json()["rows"]
    assert [row["mean"] for row in rows] == [None, None, None]
    assert rows[1]["against_control"] is None
    assert rows[1]["runs"][0]["state"] == "failed"


def test_where_there_is_a_test_split_the_models_are_measured_on_it(client, compare, workspace):
    split = {"frames": 6, "boxes": 9, "by_category": {}, "by_source": {}, "by_state": {}}
    splits = {name: {**split, "drives": [name]} for name in ("train", "val", "test")}
    version = VersionFactory(
        dataset=DatasetFactory(workspace=workspace),
        state=DatasetVersion.State.FROZEN,
        digest="d" * 64,
        summary={"frames": 18, "boxes": 27, "splits": splits},
    )
    comparison = MethodComparison.objects.get(id=compare(dataset_version=version.id).json()["id"])
    for run in comparison.runs.filter(seed=0):
        model = ModelVersionFactory(workspace=workspace)
        TrainingRun.objects.filter(id=run.id).update(model=model)
        ended(run, AP=0.9)
        ap = 0.3 if run.method == "none" else 0.4
        report = {"figures": {"AP": ap, "AP50": None}, "per_category": {"person": {"AP": ap / 2}, "bus": {"AP": None}}}
        key = storage.put_bytes(orjson.dumps(report), ".json")
        EvaluationFactory(
            workspace=workspace, model_version=model, dataset_version=version, split="test", report_key=key
        )
    found = client.get(f"{PATH}{comparison.id}/standings/").json()
    assert found["measured_on"] == "test"
    assert [row["mean"] for row in found["rows"]] == [0.3, 0.4, 0.4]
    assert found["rows"][1]["against_control"] == {
        "difference": pytest.approx(0.1),
        "pairs": 1,
        **dict.fromkeys(("low", "high", "student_low", "student_high")),
    }
    assert [name for name in found["figures"] if name.startswith("category:")] == ["category:person"]
