"""Stock admin of people and workspaces."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin

from webapp.accounts.models import Membership, User, Workspace
from webapp.core.admin import LargeTableAdmin


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    model = Membership
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(User)
class UserAdmin(StockUserAdmin[User]):
    show_full_result_count = False
    ordering = ["email"]
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    search_fields = ["email", "name"]
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "password1", "password2")}),)


@admin.register(Workspace)
class WorkspaceAdmin(LargeTableAdmin[Workspace]):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    inlines = [MembershipInline]
