"""What the stock admin changes is written down too, whoever of the staff did it."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models.signals import post_save
from django.dispatch import receiver

from webapp.control.acts import act_record

VERBS = {1: "added", 2: "changed", 3: "deleted"}


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
