"""Blind trials: audited frames that are audited once more by somebody who does not know it, to learn what auditors overlook or where two disagree."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml.risk.planted import ERRORS
from webapp.accounts.models import Workspace
from webapp.footage.models import Frame


class AuditMix(models.Model):
    """What a workspace mixes into the audit, unmarked: shares of the claimed frames."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="audit_mix")
    seeded_share = models.FloatField(default=1 / 20)
    gold_share = models.FloatField(default=1 / 20)
    consensus_share = models.FloatField(default=1 / 20, help_text="Second opinions on what one person has audited.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seeded_share__gte=0, seeded_share__lte=0.5, gold_share__gte=0, gold_share__lte=0.5),
                name="audit_mix_up_to_half",
            ),
            models.CheckConstraint(
                condition=Q(consensus_share__gte=0, consensus_share__lte=0.5), name="consensus_up_to_half"
            ),
        ]

    def __str__(self) -> str:
        return f"mix of {self.workspace}"


class GoldFrame(models.Model):
    """An audited frame whose labels a lead vouches for."""

    frame = models.OneToOneField(Frame, on_delete=models.CASCADE, related_name="gold")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"gold frame {self.frame_id}"


class BlindTrial(models.Model):
    """One person's blind audit of a frame that is audited already: open -> finished (and open again when undone) -> closed.

    Its labels and events are rows of their own that hang on the trial; the frame and its labels are never touched. Until it is closed the
    person sees the frame as `state`, `version` and `risk` here say, with the trial's labels. `planted` is the error that was put in,
    `truth` the frame's labels then. What was found is written whenever it is finished.
    """

    class Kind(models.TextChoices):
        SEEDED = "seeded"
        GOLD = "gold"
        CONSENSUS = "consensus"

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="trials")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    seed = models.PositiveBigIntegerField(help_text="With the frame's labels it gives the same error again.")
    error = models.CharField(max_length=10, blank=True, choices=[(name, name) for name in ERRORS])
    planted = models.JSONField(default=dict, help_text="The label that carries the error, and the right one.")
    truth = models.JSONField(default=list, help_text="[{category, x, y, width, height}]")
    state = models.CharField(max_length=12, choices=Frame.State, default=Frame.State.IN_AUDIT)
    version = models.PositiveIntegerField(default=2)  # as a frame has it after its first pre-labelling
    risk = models.FloatField(default=0.0)
    opened_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    errors = models.PositiveIntegerField(null=True, help_text="Wrong labels that were shown; null until finished.")
    errors_found = models.PositiveIntegerField(null=True)
    hidden = models.PositiveIntegerField(null=True, help_text="Objects whose label was taken away.")
    hidden_found = models.PositiveIntegerField(null=True)
    answer = models.JSONField(
        null=True,
        help_text="Against the truth: given, known, matched, iou, seconds; of a second opinion first and pairs.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frame", "user"], name="one_trial_a_frame_and_person"),
            models.UniqueConstraint(fields=["frame"], condition=Q(kind="consensus"), name="one_second_opinion_a_frame"),
            models.CheckConstraint(
                condition=Q(errors__isnull=True) | Q(errors_found__lte=models.F("errors")),
                name="trial_finds_what_was_there",
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(closed_at__isnull=True), name="trial_live")]

    def __str__(self) -> str:
        return f"{self.kind} trial of frame {self.frame_id}"

    @staticmethod
    def live_of(user_id: int | None, frames: Collection[int]) -> "dict[int, BlindTrial]":
        """By frame, the trials that this person sees in place of these frames."""
        live = BlindTrial.objects.filter(user=user_id, closed_at__isnull=True, frame__in=frames)
        return {trial.frame_id: trial for trial in live}

    @staticmethod
    def frames_of(user: Any) -> "models.QuerySet[BlindTrial, int]":
        """The frames in whose place this person sees a trial."""
        return BlindTrial.objects.filter(user=user, closed_at__isnull=True).values_list("frame", flat=True)


class BlindFrame(Frame):
    """A frame as the person of a trial sees and changes it. Saving it writes the trial and leaves the frame alone."""

    trial: BlindTrial

    class Meta:
        proxy = True

    @classmethod
    def of(cls, trial: BlindTrial) -> "BlindFrame":
        frame = cls.objects.select_related("drive__label_model").get(id=trial.frame_id)
        frame.trial = trial
        frame.state, frame.version, frame.risk = trial.state, trial.version, trial.risk
        return frame

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.trial.state, self.trial.version, self.trial.risk = self.state, self.version, self.risk
        self.trial.save(update_fields=["state", "version", "risk"])
