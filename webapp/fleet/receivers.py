"""What the fleet does when a drive was labelled."""

from typing import Any

from django.dispatch import receiver

from webapp.fleet.models import Uplink
from webapp.fleet.platform_alarm import settle
from webapp.fleet.uplinks import label_soon
from webapp.footage.models import Frame
from webapp.jobs.models import Job
from webapp.jobs.signals import job_ended


@receiver(job_ended)
def settle_uplinks(job: Job, **_: Any) -> None:
    """Uplinks whose frames have their labels are labelled, and each is judged for alarms."""
    if job.kind != Job.Kind.PRELABEL_FRAMES or job.state != Job.State.SUCCEEDED:
        return
    waiting = Uplink.objects.filter(state=Uplink.State.RECEIVED, frame__drive=job.params.get("drive"))
    settle(waiting)
    if left := waiting.filter(frame__state=Frame.State.NEW).select_related("frame__drive").first():
        assert left.frame
        label_soon(left.frame.drive)  # they came while the job ran
