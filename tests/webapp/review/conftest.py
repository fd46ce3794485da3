"""A frame that an annotator finished, and the people around it."""

import uuid

import pytest

from tests.factories import BoxFactory, ClipFactory, FrameFactory, MembershipFactory
from webapp.accounts.models import Membership
from webapp.footage.models import Frame
from webapp.labels.services import operations_apply


@pytest.fixture
def annotator(workspace) -> Membership:
    return MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR)


@pytest.fixture
def lead(workspace) -> Membership:
    return MembershipFactory(workspace=workspace, role=Membership.Role.LEAD)


@pytest.fixture
def frame(workspace, annotator) -> Frame:
    """Audited by the annotator, all its boxes accepted."""
    clip = ClipFactory(drive__workspace=workspace)
    box = BoxFactory(frame=FrameFactory(clip=clip, state=Frame.State.PRELABELLED))
    finish(box.frame, annotator.user)
    return Frame.objects.get(id=box.frame_id)


def finish(frame, user):
    """Accept what is left and close the frame."""
    version = Frame.objects.get(id=frame.id).version
    operation = {"id": uuid.uuid4(), "kind": "finish", "accept_rest": True}
    operations_apply(frame=frame, operations=[operation], expected_version=version, actor=user)
