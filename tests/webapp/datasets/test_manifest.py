"""The manifest is a function of the labels: no id, no order of writing and no later edit shows in it."""

import json

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, MembershipFactory
from webapp.datasets.exporting import write_version
from webapp.datasets.formats import coco
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.footage.models import Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db
SHA = "ab" * 32


def frozen(member, drives, **values):
    dataset = dataset_create(workspace=member.workspace, name="set", taxonomy=drives[0].taxonomy)
    version = version_create(
        dataset=dataset,
        drives=[(drive, "train") for drive in drives],
        include_unaudited=values.get("include_unaudited", False),
        override_reason="test",
        created_by=member.user,
    )
    return version_freeze(version, lambda done, total: None)


def labelled_drive(member, *, upside_down):
    """The same clips, frames and boxes, written in one order or in the other."""
    drive = DriveFactory(workspace=member.workspace, name="Monday")
    turn = reversed if upside_down else iter
    for name in turn(["a.mp4", "B.mp4", "ä.mp4"]):
        clip = ClipFactory(drive=drive, filename=name, sha256=SHA.replace("b", name[0].lower().replace("ä", "c")))
        for index in turn(range(3)):
            frame = FrameFactory(
                clip=clip, index=index, name=f"{name}_{index}.jpg", state=Frame.State.AUDITED, sha256=SHA
            )
            for x in turn([1.1, 2.2, 1 / 3]):
                BoxFactory(frame=frame, x=x, state=Box.State.ACCEPTED)
    return drive


def test_two_databases_with_the_same_labels_give_one_digest():
    first, second = (MembershipFactory() for _ in range(2))
    one = frozen(first, [labelled_drive(first, upside_down=False)])
    two = frozen(second, [labelled_drive(second, upside_down=True)])
    assert one.digest == two.digest
    assert b"".join(coco.stream(one, None)) == b"".join(coco.stream(two, None))


@pytest.mark.parametrize(
    "change",
    [
        {"x": 1.1000000000000003},
        {"state": Box.State.EDITED},
        {"occluded": True},
        {"risk": 0.5000001},
        {"source": Box.Source.HUMAN},
    ],
)
def test_the_smallest_change_gives_another_digest(member, change):
    drive = labelled_drive(member, upside_down=False)
    before = frozen(member, [drive]).digest
    Box.objects.filter(id=Box.objects.earliest("id").id).update(**change)
    member.workspace.datasets.update(name="earlier")
    assert frozen(member, [drive]).digest != before


def test_numbers_come_out_bit_for_bit(member):
    drive = labelled_drive(member, upside_down=False)
    annotations = json.loads(b"".join(coco.stream(frozen(member, [drive]), None)))["annotations"]
    assert {annotation["bbox"][0] for annotation in annotations} == {1.1, 2.2, 1 / 3}
    assert [annotation["id"] for annotation in annotations] == list(range(1, 28))


def test_two_drives_whose_names_become_one_keep_their_own_folders(member):
    for name in ("Main St.", "Main St"):
        clip = ClipFactory(drive=DriveFactory(workspace=member.workspace, name=name))
        FrameFactory(clip=clip, index=0, name="still.jpg", state=Frame.State.AUDITED)
    version = frozen(member, list(member.workspace.drives.all()))
    images = json.loads(b"".join(coco.stream(version, None)))["images"]
    assert len({image["file_name"] for image in images}) == 2


def test_what_is_excluded_rejected_or_anothers_stays_out(member):
    drive = labelled_drive(member, upside_down=False)
    frame = drive.frames.order_by("id").first()
    Frame.objects.filter(id=frame.id).update(state=Frame.State.EXCLUDED)
    kept = drive.frames.order_by("id")[1]
    for state in (Box.State.REJECTED, Box.State.DISMISSED, Box.State.MISSED_CANDIDATE, Box.State.PENDING):
        BoxFactory(frame=kept, state=state)
    version = frozen(member, [drive])
    assert (version.summary["frames"], version.summary["boxes"]) == (8, 24)


def test_unaudited_frames_bring_what_waits_but_never_a_candidate(member):
    frame = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.PRELABELLED)
    BoxFactory(frame=frame)
    for state in (Box.State.REJECTED, Box.State.DISMISSED, Box.State.MISSED_CANDIDATE):
        BoxFactory(frame=frame, state=state)
    version = frozen(member, [frame.drive], include_unaudited=True)
    assert version.summary["splits"]["train"]["by_state"] == {"pending": 1}
    [annotation] = json.loads(b"".join(coco.stream(version, None)))["annotations"]
    assert (annotation["audited"], annotation["state"]) == (False, "pending")


def test_kitti_is_written_and_read_again(member, tmp_path):
    drive = labelled_drive(member, upside_down=False)
    empty = FrameFactory(clip=drive.clips.first(), name="empty.jpg", state=Frame.State.AUDITED)
    BoxFactory(frame=drive.frames.first(), category=None, crowd=True, x=5.0, state=Box.State.ACCEPTED)
    paths = write_version(frozen(member, [drive]), "train", "kitti", tmp_path)
    assert len(paths) == drive.frames.count()
    assert next(path for path in paths if empty.name.split(".")[0] in path.name).read_text() == ""
    lines = [line.split() for path in paths for line in path.read_text().splitlines()]
    assert {line[0] for line in lines} == {"car", "DontCare"}
    assert sorted({float(line[4]) for line in lines}) == [1 / 3, 1.1, 2.2, 5.0]
