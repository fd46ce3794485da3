"""The job that freezes a version: resumable, cancelled whole, and nothing when repeated."""

import pytest

from tests.factories import BoxFactory, FrameFactory, MembershipFactory
from tests.workers.conftest import Killed
from webapp.core import storage
from webapp.datasets import services
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.labels.models import Box
from workers.lifecycle import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    member = MembershipFactory()
    frame = FrameFactory(clip__drive__workspace=member.workspace, state=Frame.State.AUDITED)
    BoxFactory(frame=frame, state=Box.State.ACCEPTED)
    dataset = services.dataset_create(workspace=member.workspace, name="set", taxonomy=frame.drive.taxonomy)
    return services.version_create(
        dataset=dataset,
        drives=[(frame.drive, "test")],
        include_unaudited=False,
        override_reason="test",
        created_by=member.user,
    )


def test_the_job_freezes_the_version(version):
    job = run(version.job_id, worker="test")
    version.refresh_from_db()
    assert (job.state, version.state, job.result["digest"]) == ("succeeded", "frozen", version.digest)
    assert version.summary["splits"]["test"]["by_category"] == {"car": 1}


def test_a_job_that_was_killed_freezes_it_the_second_time(version, monkeypatch):
    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(storage, "put_file", die)
        with pytest.raises(Killed):
            run(version.job_id, worker="test")
    Job.objects.update(state=Job.State.QUEUED)
    assert run(version.job_id, worker="test").state == "succeeded"
    assert DatasetVersion.objects.get().state == DatasetVersion.State.FROZEN


def test_frames_that_were_reopened_meanwhile_leave_nothing_to_freeze(version):
    Frame.objects.update(state=Frame.State.REOPENED)
    job = run(version.job_id, worker="test")
    version.refresh_from_db()
    assert (job.state, job.error_code, version.state) == ("failed", "nothing_audited", "failed")


def test_a_second_run_of_a_frozen_version_changes_nothing(version):
    run(version.job_id, worker="test")
    before = DatasetVersion.objects.values().get()
    Box.objects.update(x=0.0)
    Job.objects.update(state=Job.State.QUEUED)
    assert run(version.job_id, worker="test").state == "succeeded"
    assert DatasetVersion.objects.values().get() == before
