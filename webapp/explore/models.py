"""Saved questions, and the vectors by which frames and labels are found that look alike."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.footage.models import Drive


class Slice(TimestampedModel):
    """A question with a name, shared in the workspace. It is asked anew whenever it is used; what is made of it keeps a copy of the question."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="slices")
    name = models.CharField(max_length=120)
    asked = models.JSONField(default=dict, help_text="See webapp/explore/asked.py.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_slice_a_name")]

    def __str__(self) -> str:
        return self.name


class FeaturePart(models.Model):
    """The vectors of some frames of a drive that follow each other by id, and of their labels: one file of the store.

    `labels` and `newest_label` say what the file was made of: where they differ from the frames' labels today, it is made again.
    The means are taken off before vectors are compared, as all pictures of a road have much in common.
    """

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="feature_parts")
    model = models.CharField(max_length=200, help_text="Reference of the detector whose features they are.")
    first_frame = models.BigIntegerField()
    last_frame = models.BigIntegerField()
    frames = models.PositiveIntegerField()
    labels = models.PositiveIntegerField()
    newest_label = models.BigIntegerField(default=0)
    frame_mean = models.JSONField(default=list)
    label_mean = models.JSONField(default=list)
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["drive", "model", "first_frame"], name="one_feature_part_a_place"),
            models.CheckConstraint(condition=Q(last_frame__gte=F("first_frame")), name="feature_part_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"features of {self.drive_id} from frame {self.first_frame}"
