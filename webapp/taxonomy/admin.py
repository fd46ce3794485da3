"""Stock admin of taxonomies."""

from django.contrib import admin

from webapp.core.admin import LargeTableAdmin
from webapp.taxonomy.models import Category, Taxonomy


class CategoryInline(admin.TabularInline[Category, Taxonomy]):
    model = Category
    extra = 0


@admin.register(Taxonomy)
class TaxonomyAdmin(LargeTableAdmin[Taxonomy]):
    list_display = ["name", "version", "workspace"]
    list_filter = ["workspace"]
    search_fields = ["name"]
    inlines = [CategoryInline]
