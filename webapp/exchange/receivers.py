"""What exchange does when labels were uploaded, and when a job ends."""

from typing import Any

from django.dispatch import receiver

from webapp.exchange.models import LabelImport
from webapp.exchange.services import import_failed, import_register
from webapp.footage.models import Upload
from webapp.footage.signals import labels_uploaded
from webapp.jobs.models import Job
from webapp.jobs.signals import job_ended

KINDS = (Job.Kind.SURVEY_LABELS, Job.Kind.IMPORT_LABELS)


@receiver(labels_uploaded)
def take(upload: Upload, key: str, size: int, **_: Any) -> None:
    import_register(upload=upload, key=key, size=size)


@receiver(job_ended)
def settle_import(job: Job, **_: Any) -> None:
    """An import never waits for a job that is over."""
    if job.kind in KINDS and job.state != Job.State.SUCCEEDED:
        for one in LabelImport.objects.filter(id=job.params["label_import"], job=job):
            import_failed(one)
