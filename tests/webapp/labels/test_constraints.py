"""The database itself refuses what must not be, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories import BoxFactory, FrameFactory, JobFactory, ModelVersionFactory, UploadFactory, UserFactory
from webapp.audit.models import Lease
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db
WRONG_BOXES = {
    "left of the frame": {"x": -0.5},
    "above the frame": {"y": -0.5},
    "right of the frame": {"x": 600.0, "width": 41.0},
    "below the frame": {"y": 350.0, "height": 11.0},
    "no width": {"width": 0.0},
    "negative height": {"height": -3.0},
    "no category and no crowd": {"category": None},
    "risk above one": {"risk": 1.01},
    "severity below one": {"severity": 0.5},
    "score below zero": {"score": -0.1},
}


def refused(write, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*args, **kwargs)


@pytest.mark.parametrize("wrong", WRONG_BOXES)
def test_a_wrong_box_is_refused(wrong):
    frame = FrameFactory()
    refused(BoxFactory, frame=frame, **WRONG_BOXES[wrong])
    assert BoxFactory(frame=frame).pk


def test_a_box_that_touches_the_edge_is_right():
    assert BoxFactory(x=0.0, y=0.0, width=640.0, height=360.0).pk


def test_an_ignore_region_needs_no_category():
    assert BoxFactory(category=None, crowd=True).pk


def test_a_model_gives_a_frame_one_box_an_index():
    model = ModelVersionFactory()
    first = BoxFactory(model_version=model, index=0)
    refused(BoxFactory, frame=first.frame, model_version=model, index=0)
    assert BoxFactory(frame=first.frame, model_version=model, index=1).pk


def test_a_frame_has_one_open_lease():
    frame, now = FrameFactory(), "2026-01-01T00:00:00Z"
    first = Lease.objects.create(frame=frame, user=UserFactory(), expires_at=now)
    refused(Lease.objects.create, frame=frame, user=UserFactory(), expires_at=now)
    first.released_at = now
    first.save()
    assert Lease.objects.create(frame=frame, user=UserFactory(), expires_at=now).pk


def test_a_clip_has_one_frame_an_index():
    first = FrameFactory()
    refused(FrameFactory, clip=first.clip, index=first.index, name="another.jpg")


def test_a_frame_has_area_and_a_risk_in_range():
    refused(FrameFactory, width=0)
    refused(FrameFactory, risk=1.5)
    assert FrameFactory(state=Frame.State.AUDITED).pk


def test_an_upload_never_passes_its_size():
    refused(UploadFactory, size=10, offset=11)


def test_a_running_job_has_a_lease():
    refused(JobFactory, state=Job.State.RUNNING, lease_expires_at=None)


def test_a_box_is_inside_by_a_thousandth_of_a_pixel_at_most():
    refused(BoxFactory, x=540.0, width=100.01)
    assert BoxFactory(x=540.0, width=100.0005).pk == Box.objects.latest("id").pk
