"""Reads of taxonomies."""

from django.db.models import QuerySet

from webapp.accounts.models import Workspace
from webapp.taxonomy.models import Taxonomy


def taxonomies_of(workspace: Workspace) -> QuerySet[Taxonomy]:
    return Taxonomy.objects.filter(workspace=workspace).prefetch_related("categories").order_by("id")
