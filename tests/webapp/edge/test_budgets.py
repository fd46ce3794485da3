"""What a YOLOX will cost is told before it is trained, and a launch over its budget is refused with what would help."""

import pytest

from tests.factories import MethodSpecFactory
from webapp.training.models import TrainingRun

pytestmark = pytest.mark.django_db
FIGURES, RUNS = "/api/v1/edge-figures/", "/api/v1/training-runs/"


def test_figures_of_a_size(client):
    told = client.get(FIGURES, {"size": "nano-lite", "width": 512, "height": 320}).json()
    assert told["parameters"] == pytest.approx(899_000, rel=0.02)
    assert told["gflops"] == pytest.approx(0.961, rel=0.05)
    assert (told["off_bpu"], told["over"], told["helps"]) == (0, {}, [])
    assert told["best_ms"] < told["worst_ms"]


def test_over_the_budget_it_says_what_would_help(client):
    asked = {"size": "tiny", "width": 512, "height": 288, "milliseconds": 20}
    told = client.get(FIGURES, asked).json()
    assert list(told["over"]) == ["milliseconds"]
    assert [(row["size"], row["switch"]) for row in told["helps"]] == [("tiny+relu", "relu")]


@pytest.mark.parametrize(
    ("more", "field"), [({"size": "huge"}, "size"), ({"width": 8}, "width"), ({"gflops": "nan"}, "gflops")]
)
def test_what_cannot_be_told_is_named_by_its_field(client, more, field):
    answer = client.get(FIGURES, {"size": "tiny", "width": 512, "height": 288, **more})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


@pytest.fixture
def launch(client):
    MethodSpecFactory(name="none", families=["yolox", "grounding-dino"], sizes={"yolox": ["nano", "tiny"]}, options=[])
    plan = {"name": "edge", "family": "yolox", "size": "tiny+relu", "validation_split": ""}
    return lambda **more: client.post(RUNS, {**plan, **more}, format="json")


def test_a_run_over_its_budget_is_not_launched(launch):
    answer = launch(budget={"parameters": 1_000_000}).json()
    assert (answer["code"], list(answer["fields"])) == ("over_budget", ["budget.parameters"])
    assert "nano+relu at 448x256" in answer["detail"]
    assert not TrainingRun.objects.exists()


def test_a_run_within_it_is(launch):
    answer = launch(budget={"parameters": 6_000_000, "milliseconds": 30})
    assert (answer.status_code, answer.json()["size"]) == (201, "tiny+relu")


def test_only_a_yolox_of_a_known_size_is_held_to_a_budget(launch):
    assert launch(size="tiny+silk").json()["code"] == "unknown_size"
    assert launch(family="grounding-dino", size="", budget={"gflops": 3}).json()["code"] in (
        "budget_needs_size",
        "size_required",
    )
