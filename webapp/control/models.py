"""The control room: what administrators did."""

from django.conf import settings
from django.db import models

from webapp.accounts.models import Workspace


class AdminAct(models.Model):
    """One administrative act: who, what, when, and how it was before and after. Written once; nobody changes or deletes it."""

    # Empty for acts on the installation as a whole, such as those of the stock admin.
    workspace = models.ForeignKey(
        Workspace, null=True, blank=True, on_delete=models.CASCADE, related_name="acts", db_index=False
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=60, help_text="What was done, as `webhook.created`.")
    target = models.CharField(max_length=200, help_text="To what, as people call it.")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-at", "-id"], name="act_recent")]

    def __str__(self) -> str:
        return f"{self.act} {self.target}"
