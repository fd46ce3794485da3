"""What the control room does when a job ends, and when the stock admin changes something: that is written down too."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models.signals import post_save
from django.dispatch import receiver

from webapp.control.acts import act_record
from webapp.control.taxonomy_change import change_withdraw
from webapp.jobs.models import Job
from webapp.jobs.signals import job_ended

VERBS = {1: "added", 2: "changed", 3: "deleted"}


@receiver(job_ended)
def withdraw_change(job: Job, **_: Any) -> None:
    if job.kind == Job.Kind.CHANGE_TAXONOMY and job.state == Job.State.CANCELLED:
        change_withdraw(job)


@receiver(post_save, sender=LogEntry)
def copy_entry(instance: LogEntry, created: bool, **_: Any) -> None:
    """With the fields that were touched, as the stock admin names them."""
    if created:
        kind = instance.content_type.model if instance.content_type else "row"
        told = {"id": instance.object_id, "change": instance.get_change_message()}
        act_record(
            f"rows.{VERBS[instance.action_flag]}",
            f"{kind} {instance.object_repr}",
            workspace=None,
            actor=instance.user,
            after=told,
        )
