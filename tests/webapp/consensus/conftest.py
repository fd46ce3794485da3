"""A drive that one person has audited, and the second opinion of another on its first frame."""

import pytest

from tests.webapp.blind.conftest import annotator, drive
from webapp.blind.models import BlindTrial
from webapp.blind.services import mix_set, trial_open

__all__ = ["annotator", "drive"]


@pytest.fixture(autouse=True)
def mix(member):
    """Second opinions alone, at half of the claims."""
    mix_set(member.workspace, by=member.user, seeded_share=0.0, gold_share=0.0, consensus_share=0.5)


@pytest.fixture
def frame(drive):
    return drive.frames.order_by("index").first()


@pytest.fixture
def second(frame, annotator):
    return trial_open(frame_id=frame.id, user=annotator.user, kind=BlindTrial.Kind.CONSENSUS)
