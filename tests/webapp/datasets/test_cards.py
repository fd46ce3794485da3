"""What a version tells of itself: its card, how it differs from another, and who refers to it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import EvaluationFactory, MethodComparisonFactory, ModelVersionFactory, TrainingRunFactory
from webapp.core import storage
from webapp.datasets import exports
from webapp.datasets.models import DatasetVersion, ExportLink
from webapp.datasets.services import version_create, version_freeze
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


@pytest.fixture
def freeze(member, dataset, drives):
    def freeze(splits=("train", "val")):
        places = list(zip(drives, splits, strict=False))
        version = version_create(
            dataset=dataset, drives=places, include_unaudited=False, override_reason="test", created_by=member.user
        )
        version.job.delete()  # else it waits, and refers to the version
        version.job = None
        return version_freeze(version, lambda done, total: None)

    return freeze


def test_the_card_counts_what_is_in_it(client, drives, freeze):
    Drive.objects.filter(id=drives[0].id).update(
        captured_at=datetime(2026, 1, 5, 23, tzinfo=UTC), weather="rain", place="Ulm"
    )
    Box.objects.filter(frame__drive=drives[0], state=Box.State.ACCEPTED).update(width=20, height=20, risk=0.95)
    card = client.get(f"/api/v1/dataset-versions/{freeze().id}/card/").json()
    train, val = card["splits"]["train"], card["splits"]["val"]
    assert (train["frames"], train["audited_frames"], train["boxes"], train["by_category"]["car"]) == (2, 2, 4, 4)
    assert train["by_size"] == {"small": 2, "medium": 2, "large": 0}  # the others are 100 x 50
    assert (train["by_hour"], train["by_weather"], train["by_city"]) == ({"23": 2}, {"rain": 2}, {"Ulm": 2})
    assert (train["risk"], train["without_risk"]) == ([0] * 9 + [2], 2)
    assert (val["by_hour"], val["by_weather"]) == ({"unknown": 2}, {"unknown": 2})
    gaps = {(gap["code"], gap["split"], gap["name"]): gap["count"] for gap in card["gaps"]}
    assert gaps["category_rare", "train", "car"] == 4
    assert ("category_missing", "train", "bus") in gaps
    assert gaps["weather_unknown", "val", ""] == 2
    assert ("no_night", "val", "") in gaps
    assert ("no_night", "train", "") not in gaps
    assert gaps["not_certified", "train", ""] == 1
    assert [row["upper"] for row in card["bounds"]] == [None, None]


def test_the_card_is_of_the_day_it_was_frozen(client, drives, freeze):
    path = f"/api/v1/dataset-versions/{freeze().id}/card/"
    before = client.get(path).json()
    Drive.objects.update(weather="snow")
    Box.objects.update(risk=0.0)
    assert client.get(path).json() == before


def test_the_card_as_markdown(client, drives, freeze):
    Drive.objects.filter(id=drives[1].id).update(place="Ulm_|<b>")
    response = client.get(f"/api/v1/dataset-versions/{freeze().id}/card/?as=markdown")
    assert response["Content-Type"].startswith("text/markdown")
    text = response.content.decode()
    assert "## train" in text
    assert "## Known gaps" in text
    assert "`train` has 4 boxes of car only" in text


def test_a_version_of_before_the_cards_says_so(client, freeze):
    version = freeze()
    DatasetVersion.objects.filter(id=version.id).update(card={})
    response = client.get(f"/api/v1/dataset-versions/{version.id}/card/")
    assert (response.status_code, response.json()["code"]) == (404, "no_card")


def compared(client, old, new):
    response = client.get(f"/api/v1/dataset-versions/{old.id}/comparison/?to={new.id}")
    assert response.status_code == 200
    return response.json()


def frames_of(client, old, new, kind, **query):
    rest = "".join(f"&{name}={value}" for name, value in query.items())
    return client.get(f"/api/v1/dataset-versions/{old.id}/comparison/frames/?to={new.id}&kind={kind}{rest}").json()


def test_what_came_went_and_changed(client, drives, freeze):
    old = freeze()
    first, second = drives[0].frames.filter(state=Frame.State.AUDITED).order_by("index")
    Frame.objects.filter(id=second.id).update(state=Frame.State.EXCLUDED)
    drives[1].frames.filter(state=Frame.State.PRELABELLED).update(state=Frame.State.AUDITED)
    drives[1].frames.get(index=9).boxes.update(state=Box.State.ACCEPTED)
    Box.objects.filter(frame=first, state=Box.State.ACCEPTED).update(x=14.0)  # the same object, elsewhere
    Box.objects.filter(frame=first, state=Box.State.EDITED).update(state=Box.State.REJECTED)
    new = freeze()
    assert compared(client, old, new) == {
        "frames": {"came": 1, "went": 1, "changed": 1, "moved": 0, "same": 2},
        "boxes": {"came": 1, "went": 3, "changed": 1, "same": 4},
    }
    back = compared(client, new, old)
    assert back["boxes"] == {"came": 3, "went": 1, "changed": 1, "same": 4}
    [changed] = frames_of(client, old, new, "changed")
    assert (changed["frame"], changed["boxes"]) == (first.id, {"came": 0, "went": 1, "changed": 1, "same": 0})
    [came], [went] = frames_of(client, old, new, "came"), frames_of(client, old, new, "went")
    assert (came["split_before"], came["split_after"]) == (None, "val")
    assert (went["frame"], went["split_after"]) == (second.id, None)


def test_another_split_is_a_move_and_risk_alone_no_change(client, freeze):
    old = freeze()
    Box.objects.update(risk=0.123)
    new = freeze(("train", "test"))
    assert old.digest != new.digest
    assert compared(client, old, new)["frames"] == {"came": 0, "went": 0, "changed": 0, "moved": 2, "same": 2}
    assert compared(client, old, new)["boxes"]["same"] == 8
    assert len(frames_of(client, old, new, "moved", size=1)) == 1
    assert frames_of(client, old, new, "moved", start=1, size=1) != frames_of(client, old, new, "moved", size=1)
    assert frames_of(client, old, new, "moved", start=2) == []


def test_versions_of_another_workspace_cannot_be_compared_with(client, stranger, freeze):
    old, new = freeze(), freeze()
    assert stranger.get(f"/api/v1/dataset-versions/{old.id}/comparison/?to={new.id}").status_code == 404


def delete(client, version):
    return client.delete(f"/api/v1/dataset-versions/{version.id}/")


def test_a_version_that_nothing_names_goes_with_its_files(client, drives, freeze, django_capture_on_commit_callbacks):
    version = freeze()
    file = exports.export_build(version, "train")
    with django_capture_on_commit_callbacks(execute=True):
        assert delete(client, version).status_code == 204
    assert not DatasetVersion.objects.exists()
    assert not any(storage.exists(key) for key in (version.frames_key, version.boxes_key, file.key))


def test_the_manifest_that_a_twin_shares_stays(client, freeze, django_capture_on_commit_callbacks):
    version, twin = freeze(), freeze()
    assert version.frames_key == twin.frames_key
    with django_capture_on_commit_callbacks(execute=True):
        assert delete(client, version).status_code == 204
    assert b"".join(exports.export_stream(twin, None))


REFERRERS = {
    "training runs": lambda version: TrainingRunFactory(
        workspace=version.dataset.workspace, dataset_version=version, name="nightly"
    ),
    "method comparisons": lambda version: MethodComparisonFactory(
        workspace=version.dataset.workspace, dataset_version=version, name="nightly"
    ),
    "evaluations": lambda version: EvaluationFactory(
        workspace=version.dataset.workspace, dataset_version=version, model_version__name="nightly"
    ),
    "models": lambda version: ModelVersionFactory(
        workspace=version.dataset.workspace, dataset_version=version, name="nightly"
    ),
    "signed links": lambda version: ExportLink.objects.create(
        version=version, what="coco", expires_at=timezone.now() + timedelta(hours=1), created_by=version.created_by
    ),
    "jobs": lambda version: exports.export_request(version, None),
}


@pytest.mark.parametrize("kind", REFERRERS)
def test_what_refers_to_it_keeps_it_and_is_named(client, freeze, kind):
    version = freeze()
    REFERRERS[kind](version)
    response = delete(client, version)
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    [(named, rows)] = response.json()["referrers"].items()
    assert (named, len(rows)) == (kind, 1)
    assert kind in response.json()["detail"]
    assert kind in ("signed links", "jobs") or "nightly" in rows[0]
    assert client.get(f"/api/v1/dataset-versions/{version.id}/lineage/").json()["used_by"] == {kind: rows}


def test_every_table_that_points_at_a_version_is_asked():
    """What cascades is the version's own; what protects it is named before the database refuses."""
    pointing = {relation.get_accessor_name() for relation in DatasetVersion._meta.related_objects}
    assert pointing == {
        "version_drives", "export_files", "format_exports", "export_links", "training_runs", "method_comparisons", "evaluations", "trained_models",
        "edge_exports",
    }  # fmt: skip


def test_a_link_that_has_ended_keeps_nothing(client, freeze):
    version = freeze()
    ended = timezone.now() - timedelta(seconds=1)
    ExportLink.objects.create(version=version, what="coco", expires_at=ended, created_by=version.created_by)
    assert delete(client, version).status_code == 204


def test_the_lineage_names_the_versions_before(client, freeze):
    first, second = freeze(), freeze()
    lineage = client.get(f"/api/v1/dataset-versions/{second.id}/lineage/").json()
    assert lineage["previous"] == [{"id": first.id, "number": 1, "digest": first.digest}]
