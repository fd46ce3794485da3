"""Training runs, what they reported while they ran, and the methods that workers can run."""

from django.conf import settings
from django.db import models

from webapp.accounts.models import Workspace
from webapp.core.models import TimestampedModel
from webapp.datasets.models import DatasetVersion
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion

CONTROL = "none"  # the method that learns from labels alone: what every other one is measured against


class MethodSpec(TimestampedModel):
    """A way to train that a worker has published, with its typed options: what launch forms are made of."""

    name = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    description = models.TextField()
    families = models.JSONField(default=list)
    sizes = models.JSONField(default=dict, help_text="The sizes of each family that can begin from nothing.")
    options = models.JSONField(default=list)
    needs_teacher = models.BooleanField(default=False)
    refused = models.JSONField(default=dict, help_text="Families that it cannot serve, each with the reason.")
    paper = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.title


class MethodComparison(TimestampedModel):
    """Every chosen method, the control among them, trained once a seed by one recipe: what tells a method's worth from luck.

    Its state is that of its runs' jobs. `options` are those of every run, `method_options` by name what a method alone has.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="method_comparisons")
    name = models.CharField(max_length=60)
    methods = models.JSONField(help_text="Names, the control first.")
    seeds = models.JSONField()
    options = models.JSONField(default=dict)
    method_options = models.JSONField(default=dict)
    family = models.CharField(max_length=40)
    size = models.CharField(max_length=40, blank=True)
    init = models.ForeignKey(ModelVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    teacher = models.ForeignKey(ModelVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dataset_version = models.ForeignKey(
        DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="method_comparisons"
    )
    train_split = models.CharField(max_length=20, blank=True)
    validation_split = models.CharField(max_length=20, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_comparison_a_name")]

    def __str__(self) -> str:
        return self.name


class TrainingRun(TimestampedModel):
    """One training, reproducible from this row: method, options, data version, seed and code.

    Its state is its job's. Without a dataset version it trains on rendered scenes.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="training_runs")
    name = models.CharField(max_length=120)
    method = models.CharField(max_length=60)
    family = models.CharField(max_length=40)
    size = models.CharField(max_length=40, blank=True)
    init = models.ForeignKey(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs_begun",
        help_text="Begin here.",
    )
    teacher = models.ForeignKey(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs_taught",
        help_text="Learn from it.",
    )
    dataset_version = models.ForeignKey(
        DatasetVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="training_runs"
    )
    train_split = models.CharField(max_length=20, blank=True)
    validation_split = models.CharField(max_length=20, blank=True)
    seed = models.PositiveIntegerField(default=0)
    options = models.JSONField(default=dict)
    code_version = models.CharField(max_length=60)
    cloned_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="clones")
    comparison = models.ForeignKey(
        MethodComparison, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs"
    )
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="training_run")
    model = models.OneToOneField(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="training_run",
        help_text="Its result.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="one_run_a_name")]

    def __str__(self) -> str:
        return self.name


class Metric(models.Model):
    """A row of a run's metrics: the terms of the loss, or the figures of a validation."""

    class Kind(models.TextChoices):
        TRAIN = "train"
        VALIDATE = "validate"

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="metrics")
    kind = models.CharField(max_length=10, choices=Kind)
    iteration = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        ordering = ["iteration"]
        constraints = [models.UniqueConstraint(fields=["run", "kind", "iteration"], name="one_row_an_iteration")]

    def __str__(self) -> str:
        return f"{self.kind} {self.iteration}"


class PredictionSet(TimestampedModel):
    """What a run's teacher, the student before and the student after find on chosen frames, to be looked at side by side.

    Made by its job and kept beside the labels, never among them. `results_key` is empty until the job has ended well.
    """

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="prediction_sets")
    frames = models.JSONField(help_text="Ids, in the order in which they are shown.")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="prediction_set")
    results_key = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.run} on {len(self.frames)} frames"
