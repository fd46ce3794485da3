"""Roll-ups: figures a day, so that a plot over a year reads a few hundred rows however many boxes there are."""

from django.db import models

from webapp.accounts.models import Workspace


class RollUp(models.Model):
    """How far a workspace's figures are rolled up. Its row says who counts now, and is the lock of whoever writes."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(null=True, help_text="When; empty before the first time.")
    counting_since = models.DateTimeField(null=True, help_text="Somebody counts; others read what there is.")
    took = models.JSONField(
        default=dict, help_text="Of each large series when it was counted, and in how many seconds."
    )

    def __str__(self) -> str:
        return f"figures of {self.workspace_id} as of {self.at}"


class DayFigure(models.Model):
    """One series on one day (UTC), for one part of it: a kind, a category, a bin.

    A flow counts what happened on the day; a level is how it stood when it was last looked at on that day.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    series = models.CharField(max_length=30)
    day = models.DateField()
    part = models.CharField(max_length=80, blank=True)
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "day", "series", "part"], name="one_figure_a_day_and_part")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.part} on {self.day}: {self.value}"


class DigestSent(models.Model):
    """That a week's digest went out, so that it goes out once."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="digests_sent")
    week = models.DateField(help_text="The Monday on which it is due.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "week"], name="one_digest_a_week")]

    def __str__(self) -> str:
        return f"digest of {self.workspace_id} in the week of {self.week}"
