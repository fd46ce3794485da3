"""Which events there are, and where they come from. Each is told in the transaction that made it true."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from webapp.datasets.models import DatasetVersion
from webapp.fleet.models import Alarm
from webapp.footage.models import Drive
from webapp.footage.signals import drive_audited
from webapp.jobs.models import Job
from webapp.jobs.signals import job_ended
from webapp.registry.models import Promotion
from webapp.webhooks.models import Webhook
from webapp.webhooks.services import event_tell

Event = Webhook.Event


@receiver(job_ended)
def tell_of_job(job: Job, **_: Any) -> None:
    if job.state == Job.State.FAILED and job.kind != Job.Kind.SEND_WEBHOOKS:
        about = {"job": str(job.id), "kind": job.kind, "title": job.title, "error": job.error_code}
        event_tell(job.workspace_id, Event.JOB_FAILED, about | {"detail": job.error_detail})
    if job.state == Job.State.SUCCEEDED and job.kind == Job.Kind.FREEZE_VERSION:
        for version in DatasetVersion.objects.filter(id=job.params.get("version")).select_related("dataset"):
            frozen: dict[str, Any] = {"version": version.id, "dataset": version.dataset.name, "number": version.number}
            event_tell(job.workspace_id, Event.VERSION_FROZEN, frozen | {"digest": version.digest})


@receiver(post_save, sender=Promotion)
def tell_of_promotion(instance: Promotion, created: bool, **_: Any) -> None:
    if created:
        model = instance.model_version
        about = {"model": model.id, "name": model.name, "sha256": model.sha256, "by": str(instance.by)}
        event_tell(model.workspace_id, Event.MODEL_PROMOTED, about)


@receiver(post_save, sender=Alarm)
def tell_of_alarm(instance: Alarm, created: bool, **_: Any) -> None:
    if created:
        about = {"alarm": instance.id, "kind": instance.kind, "device": instance.device.name, "at": str(instance.at)}
        event_tell(instance.device.workspace_id, Event.ALARM_RAISED, about)


@receiver(drive_audited)
def tell_of_drive(drive: Drive, **_: Any) -> None:
    about = {"drive": drive.id, "name": drive.name, "frames": drive.frames.count()}
    event_tell(drive.workspace_id, Event.DRIVE_AUDITED, about)
