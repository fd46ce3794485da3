"""A blind trial's labels reach no reader of the product: exports, versions, training, risk, curves, samples, counts.

Each reader is asked before any trial, while trials are open with decisions on them, and after; it must say the same.
"""

from pathlib import Path

import pytest
from django.apps import apps

from tests.webapp.blind.conftest import send
from webapp.audit.bound import audit_bound
from webapp.audit.sampling import sample_draw
from webapp.blind.models import BlindTrial
from webapp.blind.services import gold_mark
from webapp.dashboards.selectors import overview
from webapp.datasets.exporting import write_version
from webapp.datasets.formats import formats
from webapp.datasets.models import DatasetVersion
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.footage.models import Frame
from webapp.footage.selectors import drive_counts
from webapp.labels.drive_tallies import drive_tallies
from webapp.labels.frame_counts import box_counts
from webapp.labels.models import Box, BoxEvent
from webapp.risk.outcomes import audited_boxes, outcomes
from webapp.risk.selectors import audit_curve
from workers.evaluation import HUMAN, judged_frames, results_of_rows, truth_of_rows

pytestmark = pytest.mark.django_db
ERRORS = ("shifted", "relabelled", "ghost", "hidden")


@pytest.fixture
def dataset(member, drive):
    return dataset_create(workspace=member.workspace, name="all", taxonomy=drive.taxonomy)


@pytest.fixture
def frozen(dataset, drive, member):
    def made():
        version = version_create(
            dataset=dataset,
            drives=[(drive, "train")],
            include_unaudited=True,
            override_reason="test",
            created_by=member.user,
        )
        return version_freeze(version, lambda done, total: None)

    return made


@pytest.fixture
def spoil(trial, annotator, member):
    """Every kind of error and a gold frame, on frames of their own: some open, some decided, some finished."""

    def made():
        for place, error in enumerate(ERRORS):
            one = trial(error, place=place)
            boxes = Box.rows.filter(trial=one).order_by("id")
            send(one.frame, annotator.user, {"kind": "reject", "box": boxes[0].client_id})
            if place % 2:
                send(one.frame, annotator.user, {"kind": "finish", "accept_rest": True})
        gold = trial(kind=BlindTrial.Kind.GOLD, place=5)
        gold_mark(gold.frame, marked_by=member.user)
        send(gold.frame, annotator.user, {"kind": "finish", "accept_rest": True})
        assert Box.rows.filter(trial__isnull=False).count() >= 5 * 4

    return made


@pytest.mark.parametrize("name", [one.name for one in formats().values() if one.write])
def test_every_export_format_writes_the_same_bytes(name, frozen, spoil, tmp_path):
    written = []
    versions = [frozen()]
    spoil()
    versions.append(frozen())
    for version in versions:
        DatasetVersion.objects.filter(id=version.id).update(number=1000)  # named in the files
        version.number = 1000
        folder = tmp_path / str(version.id)
        folder.mkdir()
        files = write_version(version, "train", name, folder)
        written.append({Path(file).relative_to(folder): Path(file).read_bytes() for file in files})
        DatasetVersion.objects.filter(id=version.id).update(number=version.id + 2000)
    assert written[0] == written[1]
    assert versions[0].digest == versions[1].digest
    assert versions[0].summary == versions[1].summary


def readers(drive, member):
    """What each reader of labels says, by name."""
    workspace, names = member.workspace, [category.name for category in drive.taxonomy.values()]
    judged = judged_frames(workspace, HUMAN, drive=None)
    bound = audit_bound(drive)
    return {
        "outcomes": [(o.known["id"], o.wrong) for o in outcomes(audited_boxes(workspace).order_by("id"))],
        "curve": {k: v for k, v in audit_curve(workspace).items() if k != "draws"},
        "truth of evaluations": truth_of_rows(judged, names, HUMAN),
        "results of evaluations": results_of_rows(judged, names, drive.label_model),
        "home": {name: overview(workspace)[name] for name in ("frames", "boxes", "datasets")},
        "drive": drive_counts(drive_tallies(workspace, [drive.id])),
        "frames": box_counts(list(Frame.objects.filter(drive=drive))),
        "population of a sample": bound["population"],
        "boxes of frames": [frame.boxes.count() for frame in Frame.objects.order_by("id")],
        "boxes of the model": drive.label_model.boxes.count(),
    }


def test_every_reader_says_the_same(drive, member, spoil):
    sample_draw(drive=drive, created_by=member.user, seed=1)
    before = readers(drive, member)
    assert before["outcomes"]
    spoil()
    assert readers(drive, member) == before


def test_no_trials_label_is_drawn_at_random(drive, member, spoil):
    spoil()
    sample = sample_draw(drive=drive, created_by=member.user, seed=1)
    assert sample.population == 20
    assert not Box.rows.filter(trial__isnull=False, id__in=sample.drawn.values("box")).exists()


def test_what_hangs_on_a_label_finds_no_trials_label_by_default():
    """Every model that a trial's rows are in hides them in the manager that relations and readers use."""
    marked = [model for model in apps.get_models() if any(field.name == "trial" for field in model._meta.fields)]
    assert {Box, BoxEvent} <= set(marked)
    for model in marked:
        assert "trial" in str(model._default_manager.all().query.where), model
