"""Datasets and their immutable versions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from webapp.taxonomy.models import Taxonomy


class Dataset(TimestampedModel):
    """A named line of versions over one taxonomy."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="datasets")
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT, related_name="datasets")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_dataset_a_name")]

    def __str__(self) -> str:
        return self.name


class DatasetVersion(TimestampedModel):
    """A frozen selection of drives: its bytes are a function of the version alone.

    freezing -> frozen | failed. `digest` is a sha256 over the canonical content of frames, boxes, splits and taxonomy;
    the manifest (two Parquet files in the store) holds it all, so that later edits of labels change nothing here.
    """

    class State(models.TextChoices):
        FREEZING = "freezing"
        FROZEN = "frozen"
        FAILED = "failed"

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.FREEZING)
    include_unaudited = models.BooleanField(default=False)
    override_reason = models.TextField(
        blank=True, help_text="Why it was frozen though not every drive was audited enough."
    )
    slice_name = models.CharField(max_length=120, blank=True, help_text="The saved question that it was cut by.")
    asked = models.JSONField(default=dict, blank=True, help_text="That question; empty for whole drives.")
    digest = models.CharField(max_length=64, blank=True)
    frames_key = models.CharField(max_length=200, blank=True)
    boxes_key = models.CharField(max_length=200, blank=True)
    categories = models.JSONField(default=list)
    summary = models.JSONField(default=dict, help_text="Counts by split, category, source and state.")
    card = models.JSONField(
        default=dict, help_text="The data card: counts, near-duplicates, bounds and gaps, as frozen."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="one_version_a_number"),
            models.CheckConstraint(condition=~Q(state="frozen") | ~Q(digest=""), name="frozen_version_has_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} v{self.number}"


class VersionDrive(models.Model):
    """A drive's place in a version. A drive is in one split only, so neighbouring frames never straddle."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="version_drives")
    drive = models.ForeignKey(Drive, on_delete=models.PROTECT, related_name="+")
    split = models.CharField(max_length=20)
    bound = models.JSONField(null=True, blank=True, help_text="What its random sample bounded when it was asked for.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "drive"], name="one_split_a_drive")]

    def __str__(self) -> str:
        return f"{self.drive} in {self.split}"


class ExportFile(TimestampedModel):
    """The finished COCO file of a version or of one of its splits: made once, gone with the version."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="export_files")
    split = models.CharField(max_length=20, blank=True, help_text="Empty for all of them.")
    revision = models.PositiveIntegerField(help_text="Of the bytes: a release that writes others counts on.")
    key = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "split", "revision"], name="one_export_a_split")]

    def __str__(self) -> str:
        return f"{self.version} {self.split or 'all'}"


class ExportLink(models.Model):
    """A signed link that somebody gave out. The signature is what opens the file; the row says who made it, and that it still refers to the version."""

    version = models.ForeignKey(DatasetVersion, on_delete=models.CASCADE, related_name="export_links")
    what = models.CharField(max_length=10)
    split = models.CharField(max_length=20, blank=True)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.version} {self.what} until {self.expires_at:%Y-%m-%d %H:%M}"
