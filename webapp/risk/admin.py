"""Stock admin of fitted risks."""

from django.contrib import admin

from webapp.core.admin import ReadOnlyAdmin
from webapp.risk.models import RiskModel


@admin.register(RiskModel)
class RiskModelAdmin(ReadOnlyAdmin[RiskModel]):
    list_display = ["id", "model_version", "number", "labels", "errors", "ece", "current", "created_at"]
    list_select_related = ["model_version"]
    list_filter = ["current"]
    search_fields = ["model_version__name"]
