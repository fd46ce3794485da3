"""Labels on their way in, and versions on their way out in other formats than COCO."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.core.models import TimestampedModel
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Drive, Upload
from webapp.jobs.models import Job


class LabelImport(TimestampedModel):
    """An uploaded file of labels, with or without its pictures, for one drive.

    surveying -> ready -> importing -> imported;  surveying | importing -> failed -> surveying | importing (another format, or tried again)
    The file stays in the store until it was imported; `survey` says what is in it, `report` what came of the last run, dry or not.
    """

    class State(models.TextChoices):
        SURVEYING = "surveying"
        READY = "ready"
        IMPORTING = "importing"
        IMPORTED = "imported"
        FAILED = "failed"

    class LabelsAre(models.TextChoices):
        TRUTH = "truth"
        PRELABELS = "prelabels"

    drive = models.ForeignKey(Drive, on_delete=models.CASCADE, related_name="label_imports")
    upload = models.OneToOneField(Upload, null=True, on_delete=models.SET_NULL, related_name="label_import")
    filename = models.CharField(max_length=255)
    key = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.SURVEYING)
    format = models.CharField(max_length=30, blank=True, help_text="Detected, unless somebody chose another.")
    formats = models.JSONField(default=list, help_text="All that the file looks like, the surest first.")
    survey = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(
        default=dict, blank=True, help_text="Source category -> ours, null for a region to ignore."
    )
    labels_are = models.CharField(max_length=10, choices=LabelsAre, default=LabelsAre.TRUTH)
    model_name = models.CharField(max_length=120, blank=True, help_text="Whose pre-labels they are.")
    report = models.JSONField(null=True, blank=True)
    problems_key = models.CharField(max_length=200, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state="imported") | ~Q(key=""), name="label_import_keeps_its_file")
        ]

    def __str__(self) -> str:
        return self.filename


class VersionExport(TimestampedModel):
    """A frozen version as a zip in one format. The same version gives the same labels, so one is made once and asked for again."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="format_exports")
    format = models.CharField(max_length=30)
    with_pictures = models.BooleanField(default=False)
    blurred = models.BooleanField(default=False, help_text="Faces and number plates, where there are boxes.")
    key = models.CharField(max_length=200, blank=True, help_text="Empty until its job is through.")
    size = models.BigIntegerField(default=0)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "format", "with_pictures", "blurred"], name="one_export_a_format"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} as {self.format}"
