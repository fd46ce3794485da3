"""The first workspace, with what it needs to begin."""

from django.db import transaction

from webapp.accounts.models import User, Workspace
from webapp.accounts.services import first_owner, workspace_create
from webapp.registry.services import BUNDLED_REFS, model_version_for
from webapp.taxonomy.services import preset_install


@transaction.atomic
def bootstrap() -> tuple[User, str | None]:
    """Owner, workspace, taxonomy and bundled models, each made where it is missing; the password if it was made just now."""
    owner, password = first_owner()
    workspace = Workspace.objects.order_by("id").first() or workspace_create(
        name="Headway", slug="headway", owner=owner
    )
    preset_install(workspace, "gdda13")
    for ref in BUNDLED_REFS:
        model_version_for(workspace, ref)
    return owner, password
