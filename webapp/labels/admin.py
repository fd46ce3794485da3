"""Stock admin of labels: to look at, not to rewrite."""

from django.contrib import admin

from webapp.core.admin import GrowingAdmin, LookedUpAdmin
from webapp.labels.models import Box, BoxEvent, Track


@admin.register(Box)
class BoxAdmin(LookedUpAdmin[Box]):
    list_display = ["id", "frame_id", "category", "state", "source", "score", "risk", "severity"]
    list_select_related = ["category"]
    search_fields = ["id", "frame_id", "client_id"]


@admin.register(BoxEvent)
class BoxEventAdmin(LookedUpAdmin[BoxEvent]):
    list_display = ["id", "created_at", "kind", "box_id", "frame_id", "actor", "seconds"]
    list_select_related = ["actor"]
    search_fields = ["id", "box_id", "frame_id", "client_id", "actor__email"]


@admin.register(Track)
class TrackAdmin(GrowingAdmin[Track]):
    list_display = ["id", "drive", "number", "model_version"]
    list_select_related = ["drive", "model_version"]
    search_fields = ["drive__name", "=number"]
