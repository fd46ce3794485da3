"""A drive that one person has audited, and an annotator who has seen none of it."""

import uuid
from random import Random

import pytest

from tests.factories import (
    BoxFactory,
    ClipFactory,
    DriveFactory,
    FrameFactory,
    MembershipFactory,
    ModelVersionFactory,
)
from webapp.accounts.models import Membership
from webapp.blind.models import BlindTrial
from webapp.blind.services import trial_open
from webapp.footage.models import Frame
from webapp.labels.models import Box
from webapp.labels.prelabels import PrelabelledFrame, prelabels_write
from webapp.labels.services import operations_apply

BOXES = 5


@pytest.fixture
def annotator(member):
    return MembershipFactory(workspace=member.workspace, role=Membership.Role.ANNOTATOR)


@pytest.fixture
def drive(member):
    """Twelve frames, five labels each; the first eight are audited by the owner: four labels accepted, the last rejected, one drawn."""
    drive = DriveFactory(workspace=member.workspace, label_model=ModelVersionFactory(workspace=member.workspace))
    clip = ClipFactory(drive=drive)
    frames = [FrameFactory(clip=clip, index=index) for index in range(12)]
    prelabels_write([proposal(frame) for frame in frames], model=drive.label_model, only_new=False)
    for frame in frames[:8]:
        audit(frame, member.user)
    return drive


def proposal(frame):
    """Boxes side by side, at places of the frame's own, so that a label of one lies where another has none."""
    chance = Random(frame.index)
    boxes = []
    for place in range(BOXES):
        box = BoxFactory.build(
            frame=frame,
            category=None,
            model_version=frame.drive.label_model,
            index=place,
            y=40 + 10 * (frame.index % 4),
        )
        box.category = frame.drive.taxonomy.categories.get(index=place % 2)
        box.x, box.width, box.height = 20 + 120 * place + chance.uniform(0, 5), 60, 40 + chance.uniform(0, 5)
        box.y = 20 + 45 * (frame.index % 7)
        box.score, box.risk = round(chance.uniform(0.3, 0.9), 3), round(chance.uniform(0, 0.5), 3)
        box.probs = {"car": box.score, "bus": round(1 - box.score, 3)}
        box.signals = [{"name": "margin", "value": 0.5, "sentence": f"class unsure: car {box.score}, bus .38"}]
        box.frame_width, box.frame_height = frame.width, frame.height
        boxes.append(box)
    return PrelabelledFrame(frame, boxes)


def audit(frame, user):
    last = Box.objects.filter(frame=frame).order_by("id").last()
    drawn = {"category": last.category_id, "x": 400, "y": 320, "width": 50, "height": 30}
    send(
        frame,
        user,
        {"kind": "reject", "box": last.client_id},
        {"kind": "create", "box": uuid.uuid4(), **drawn},
        {"kind": "finish", "accept_rest": True},
    )


def send(frame, user, *operations):
    made = [{"id": uuid.uuid4(), **operation} for operation in operations]
    frame = Frame.objects.get(id=frame.id)
    return operations_apply(frame=frame, operations=made, expected_version=None, actor=user)


@pytest.fixture
def trial(drive, annotator):
    """Makes the annotator's trial of an audited frame, with the error that a test asks for."""

    def made(error=None, kind=BlindTrial.Kind.SEEDED, place=0):
        frame = Frame.objects.filter(drive=drive, state=Frame.State.AUDITED).order_by("index")[place]
        if kind == BlindTrial.Kind.GOLD:
            return trial_open(frame_id=frame.id, user=annotator.user, kind=kind)
        for seed in range(200):
            found = trial_open(frame_id=frame.id, user=annotator.user, kind=kind, seed=seed)
            if error in (None, found.error):
                return found
            found.delete()
        raise AssertionError(f"no seed plants {error}")

    return made
