"""Splits: whole drives, evenly filled, the same for the same seed; the four of GDDA; and no look-alikes on both sides."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory
from webapp.datasets.alike import alike_drives
from webapp.datasets.formats import coco
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.datasets.stratify import FRAMES, stratified
from webapp.footage.models import Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db


def many_drives(count, seed=3):
    """Drives of uneven size and content: nights are rare, rain comes in long drives."""
    rng = np.random.default_rng(seed)
    strata = {}
    for drive in range(count):
        frames = float(rng.integers(50, 1500))
        row = {FRAMES: frames, f"hour: {rng.choice(['09', '14', '23'], p=[0.5, 0.4, 0.1])}": frames}
        row[f"weather: {rng.choice(['clear', 'rain'], p=[0.8, 0.2])}"] = frames
        row |= {f"category: {k}": float(rng.poisson(frames * rate)) for k, rate in enumerate((5, 1, 0.1))}
        strata[drive] = row
    return strata


def test_each_stratum_gets_its_share_of_every_split():
    asked = {"train": 0.7, "val": 0.1, "test": 0.2}
    found = stratified(many_drives(300), asked)
    off = {name: max(abs(got[split] - asked[split]) for split in asked) for name, got in found.shares.items()}
    assert off[FRAMES] < 0.01
    assert max(off.values()) < 0.03
    assert set(found.splits) == set(range(300))


def test_far_better_than_by_chance():
    strata, asked = many_drives(60), {"train": 0.7, "test": 0.3}
    places = np.random.default_rng(0).random(60) < 0.7
    totals = {
        name: sum(row.get(name, 0) for row in strata.values()) for name in {n for r in strata.values() for n in r}
    }
    by_chance = max(
        abs(sum(row.get(name, 0) for drive, row in strata.items() if places[drive]) / total - 0.7)
        for name, total in totals.items()
    )
    ours = max(abs(got["train"] - 0.7) for got in stratified(strata, asked).shares.values())
    assert ours < by_chance / 2


def test_the_same_seed_gives_the_same_splits_whatever_the_order_of_the_drives():
    strata, asked = many_drives(40), {"train": 0.8, "test": 0.2}
    turned = dict(reversed(strata.items()))
    assert stratified(strata, asked, seed=5) == stratified(turned, asked, seed=5)


def proposed(client, dataset, **values):
    response = client.post(f"/api/v1/datasets/{dataset.id}/splits/", values, format="json")
    assert response.status_code == 200, response.content
    return response.json()


def labelled_drive(member, taxonomy, name, *, frames=4, audited=True, **values):
    clip = ClipFactory(drive=DriveFactory(workspace=member.workspace, taxonomy=taxonomy, name=name, **values))
    for index in range(frames):
        state = Frame.State.AUDITED if audited else Frame.State.PRELABELLED
        frame = FrameFactory(clip=clip, index=index, state=state, with_picture=True)
        BoxFactory(frame=frame, state=Box.State.ACCEPTED if audited else Box.State.PENDING)
    return clip.drive


def test_a_proposal_reports_how_far_it_is_off(client, dataset, drives, member):
    for number in range(4):
        night = datetime(2026, 3, 1, 22 if number % 2 else 9, tzinfo=UTC)
        labelled_drive(
            member, dataset.taxonomy, f"d{number}", captured_at=night, weather="rain" if number < 2 else "clear"
        )
    found = proposed(client, dataset, val=0, test=0.5)
    assert found == proposed(client, dataset, val=0, test=0.5)
    assert found["asked"] == {"train": 0.5, "test": 0.5}
    rows = {row["stratum"]: row for row in found["report"]}
    assert {"frames", "hour: 09", "hour: 22", "weather: rain", "weather: unknown", "category: car"} <= rows.keys()
    for row in rows.values():
        assert sum(row["shares"].values()) == pytest.approx(1)
        assert row["off"] == pytest.approx(abs(row["shares"]["train"] - 0.5))
    assert rows["hour: 22"]["off"] == rows["weather: rain"]["off"] == 0
    assert "category: car" not in {row["stratum"] for row in proposed(client, dataset, by=["hour"])["report"]}


def test_gdda_puts_what_is_mostly_unaudited_into_train_pseudo(client, dataset, drives, member):
    pseudo = labelled_drive(member, dataset.taxonomy, "pseudo", audited=False)
    empty = DriveFactory(workspace=member.workspace, taxonomy=dataset.taxonomy)
    places = {row["drive"]: row["split"] for row in proposed(client, dataset, scheme="gdda", test=0.45)["places"]}
    assert places[pseudo.id] == "TrainPseudo"
    assert {places[drive.id] for drive in drives} == {"TrainGT", "Test"}
    assert empty.id not in places


def frozen(member, dataset, places):
    version = version_create(
        dataset=dataset, drives=places, include_unaudited=False, override_reason="test", created_by=member.user
    )
    return version_freeze(version, lambda done, total: None)


def test_the_four_splits_of_gdda(client, dataset, drives, member):
    pseudo = labelled_drive(member, dataset.taxonomy, "pseudo", audited=False)
    FrameFactory(
        clip=pseudo.clips.get(), index=90, state=Frame.State.NEW
    )  # no model has seen it: not a frame without objects
    FrameFactory(clip=pseudo.clips.get(), index=91, state=Frame.State.AUDITED)
    version = frozen(member, dataset, [(drives[0], "TrainGT"), (drives[1], "Test"), (pseudo, "TrainPseudo")])
    files = {
        split: json.loads(b"".join(coco.stream(version, split))) for split in ("TrainGT", "TrainPseudo", "Full", "Test")
    }
    assert {split: len(file["images"]) for split, file in files.items()} == {
        "TrainGT": 2, "TrainPseudo": 4, "Full": 6, "Test": 2
    }  # fmt: skip
    assert all(image["audited"] for image in files["TrainGT"]["images"] + files["Test"]["images"])
    labels = files["TrainPseudo"]["annotations"]
    assert {(label["audited"], label["state"], label["risk"]) for label in labels} == {(False, "pending", 0.5)}
    parts = files["TrainGT"]["annotations"] + files["TrainPseudo"]["annotations"]
    assert sorted(files["Full"]["annotations"], key=lambda a: a["id"]) == sorted(parts, key=lambda a: a["id"])
    path = f"/api/v1/dataset-versions/{version.id}/coco/"
    assert client.get(f"{path}?split=Full").status_code == 200
    assert client.get(f"{path}?split=train").status_code == 404


def test_train_pseudo_alone_needs_no_reason_and_the_two_namings_do_not_mix(client, dataset, drives, member):
    pseudo = labelled_drive(member, dataset.taxonomy, "pseudo", audited=False)
    ask = {"drives": [{"drive": pseudo.id, "split": "TrainPseudo"}]}
    path = f"/api/v1/datasets/{dataset.id}/versions/"
    assert client.post(path, ask, format="json").status_code == 202
    ask["drives"].append({"drive": drives[0].id, "split": "train"})
    assert client.post(path, ask | {"override_reason": "x"}, format="json").json()["code"] == "mixed_splits"


def test_no_look_alike_is_on_both_sides(client, dataset, drives, member):
    """The test split stays whole; what looks like it leaves the others, and the report says so."""
    kept, other = drives[1].frames.get(index=0), drives[0].frames.get(index=1)
    Frame.objects.filter(id=other.id).update(phash=kept.phash ^ 0b101)
    version = frozen(member, dataset, [(drives[0], "train"), (drives[1], "test")])
    counts = {split: values["frames"] for split, values in version.summary["splits"].items()}
    assert counts == {"train": 1, "test": 2}
    near = version.card["near"]
    assert (near["left_out"], near["within"]) == ({"train": 1}, {})
    [example] = near["examples"]
    assert (example["frame"], example["split"], example["kept"], example["kept_split"]) == (
        other.id, "train", kept.id, "test"
    )  # fmt: skip
    assert {"code": "straddlers_left_out", "split": "train", "name": "", "count": 1} in version.card["gaps"]


def test_look_alikes_within_a_split_stay_and_are_counted(dataset, drives, member):
    for drive in drives:
        drive.frames.update(phash=42)
    version = frozen(member, dataset, [(drive, "train") for drive in drives])
    assert version.summary["frames"] == 4
    assert (version.card["near"]["left_out"], version.card["near"]["within"]) == ({}, {"train": 4})


def test_a_picture_four_bits_away_is_another(dataset, drives, member):
    kept, other = drives[1].frames.get(index=0), drives[0].frames.get(index=1)
    Frame.objects.filter(id=other.id).update(phash=kept.phash ^ 0b1111)
    assert frozen(member, dataset, [(drives[0], "train"), (drives[1], "test")]).summary["frames"] == 4


def test_drives_that_show_the_same_pictures_are_proposed_together(workspace, client):
    taxonomy = DriveFactory(workspace=workspace).taxonomy
    made = []
    for number in range(8):
        clip = ClipFactory(drive=DriveFactory(workspace=workspace, taxonomy=taxonomy))
        for index in range(6):
            shown = {"phash": (index * 0x0123_4567_89AB_CDEF) % 2**62} if number in (2, 5) and index < 3 else {}
            if number == 5 and shown:
                shown["phash"] ^= 0b101  # recompressed
            BoxFactory(
                frame=FrameFactory(clip=clip, index=index, state=Frame.State.AUDITED, **shown), state=Box.State.ACCEPTED
            )
        made.append(clip.drive_id)
    assert sorted(map(sorted, alike_drives(made)), key=len)[-1] == [made[2], made[5]]
    dataset = dataset_create(workspace=workspace, name="set", taxonomy=taxonomy)
    for seed in range(4):
        answer = client.post(f"/api/v1/datasets/{dataset.id}/splits/", {"seed": seed, "test": 0.4}, format="json")
        places = {row["drive"]: row["split"] for row in answer.json()["places"]}
        assert places[made[2]] == places[made[5]]
        assert len(set(places.values())) > 1
