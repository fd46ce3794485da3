"""Two drives with decided labels, and a dataset over their taxonomy."""

import pytest

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory
from webapp.datasets.services import dataset_create
from webapp.footage.models import Frame
from webapp.labels.models import Box


@pytest.fixture
def drives(member):
    """Two drives of two audited frames each, two kept boxes a frame and one rejected; and an unaudited frame."""
    made = []
    for name in ("day", "night"):
        clip = ClipFactory(drive=DriveFactory(workspace=member.workspace, name=name))
        for index in range(2):
            frame = FrameFactory(clip=clip, index=index, state=Frame.State.AUDITED, with_picture=True)
            BoxFactory(frame=frame, state=Box.State.ACCEPTED, x=10.1, width=100.7)
            BoxFactory(frame=frame, state=Box.State.EDITED, score=None, source=Box.Source.HUMAN, risk=None)
            BoxFactory(frame=frame, state=Box.State.REJECTED)
        waiting = FrameFactory(clip=clip, index=9, state=Frame.State.PRELABELLED, with_picture=True)
        BoxFactory(frame=waiting)
        made.append(clip.drive)
    return made


@pytest.fixture
def dataset(member, drives):
    return dataset_create(workspace=member.workspace, name="GDDA", taxonomy=drives[0].taxonomy)
