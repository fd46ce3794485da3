"""Curves: every row once, as columns, only what is new, thinned where there are more points than a screen has."""

import pytest

from tests.factories import TrainingRunFactory
from webapp.training import selectors
from webapp.training.models import Metric
from webapp.training.services import metrics_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(workspace):
    run = TrainingRunFactory(workspace=workspace)
    rows = [{"kind": "train", "iteration": n, "loss": 10.0 - n, "rate": 0.1, "at": "now"} for n in (1, 2, 3)]
    metrics_record(run, [*rows, {"kind": "validate", "iteration": 3, "AP": 0.25}])
    return run


def test_a_row_given_twice_is_kept_once(run):
    metrics_record(
        run, [{"kind": "train", "iteration": 3, "loss": 99.0}, {"kind": "train", "iteration": 4, "loss": 6.0}]
    )
    rows = list(run.metrics.filter(kind=Metric.Kind.TRAIN).values_list("iteration", "values__loss"))
    assert rows == [(1, 9.0), (2, 8.0), (3, 7.0), (4, 6.0)]


def test_columns_come_in_order_and_only_what_is_new(client, run):
    path = f"/api/v1/training-runs/{run.id}/metrics/"
    whole = client.get(path)
    assert whole.json() == {
        "train": {"iteration": [1, 2, 3], "loss": [9.0, 8.0, 7.0], "rate": [0.1, 0.1, 0.1]},
        "histograms": [],
        "validations": [{"iteration": 3, "AP": 0.25}],
        "last_iteration": 3,
    }
    assert client.get(path, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.get(path, {"after": 2}).json()["train"]["iteration"] == [3]
    late = client.get(path, {"after": 3}).json()  # the validation of 3 may come after the training row of 3 was read
    assert (late["train"], late["validations"]) == ({"iteration": []}, [{"iteration": 3, "AP": 0.25}])
    assert late["last_iteration"] == 3


def test_what_a_method_weighed_comes_beside_the_columns_thinned_to_its_last(client, run, monkeypatch):
    monkeypatch.setattr(selectors, "MOST_HISTOGRAMS", 2)
    seen = {"row weight": {"low": 0.0, "high": 1.0, "counts": [1] * 20}}
    metrics_record(run, [{"kind": "train", "iteration": n, "loss": 1.0, "histograms": seen} for n in (4, 5, 6, 7)])
    found = client.get(f"/api/v1/training-runs/{run.id}/metrics/", {"after": 2}).json()
    assert found["train"].keys() == {"iteration", "loss", "rate"}
    assert found["train"]["iteration"] == [3, 4, 5, 6, 7]
    assert found["histograms"] == [{"iteration": n, "by_name": seen} for n in (5, 7)]
    assert "histograms" not in client.get(f"/api/v1/training-runs/{run.id}/").json()["latest"]


def test_long_curves_are_thinned_and_keep_their_end(run, monkeypatch):
    monkeypatch.setattr(selectors, "MOST_POINTS", 4)
    metrics_record(run, [{"kind": "train", "iteration": n, "loss": 1.0} for n in range(4, 11)])
    found = selectors.metrics_after(run, 0)["train"]["iteration"]
    assert len(found) <= 4
    assert found[-1] == 10


def test_a_run_shows_its_latest_and_its_best(client, run):
    metrics_record(
        run, [{"kind": "validate", "iteration": 2, "AP": 0.4}, {"kind": "validate", "iteration": 4, "AP": None}]
    )
    shown = client.get(f"/api/v1/training-runs/{run.id}/").json()
    assert shown["latest"] == {"iteration": 3, "loss": 7.0, "rate": 0.1}
    assert shown["best"] == {"iteration": 2, "AP": 0.4}
    assert shown["iteration"] == 4


def test_the_log_is_its_tail(client, run, settings, tmp_path):
    settings.RUNS_ROOT = tmp_path
    path = f"/api/v1/training-runs/{run.id}/log/"
    assert client.get(path).json() == {"text": ""}
    (tmp_path / str(run.id)).mkdir()
    (tmp_path / str(run.id) / "log.txt").write_text("x" * 100_000 + "\nlast line\n")
    assert client.get(path).json()["text"].endswith("last line\n")
    assert len(client.get(path).json()["text"]) == 64 * 1024
