"""Writes of taxonomies."""

from django.db import transaction

from ml.taxonomies import PRESETS
from webapp.accounts.models import Workspace
from webapp.core.errors import DomainError
from webapp.taxonomy.models import Category, Taxonomy

# Told apart with the common colour-vision deficiencies as far as thirteen colours can be; state is never shown by colour alone.
COLOURS = (
    "#4c9be8",
    "#f2a541",
    "#5fc9a8",
    "#9d8df1",
    "#c77dba",
    "#e4d354",
    "#a0c55f",
    "#ef6f6c",
    "#ff9eb5",
    "#d97b29",
    "#7fd1e8",
    "#b9c4d0",
    "#e8e3d3",
)
# The keys that the audit desk leaves free, within reach of one hand and the digits.
HOTKEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "q", "r", "y", "i", "j")


@transaction.atomic
def preset_install(workspace: Workspace, name: str) -> Taxonomy:
    """The preset as version 1 of the workspace's taxonomy of that name; the one that is there, when it is.

    Raises:
        DomainError `unknown_preset`.
    """
    if name not in PRESETS:
        raise DomainError("unknown_preset", f"'{name}' is not a preset; known: {', '.join(PRESETS)}.")
    taxonomy, created = Taxonomy.objects.get_or_create(workspace=workspace, name=name, version=1)
    if created:
        Category.objects.bulk_create(
            Category(
                taxonomy=taxonomy,
                index=index,
                name=value.name,
                phrase=value.phrase,
                group=value.group,
                aliases=list(value.aliases),
                colour=COLOURS[index % len(COLOURS)],
                hotkey=HOTKEYS[index] if index < len(HOTKEYS) else "",
            )
            for index, value in enumerate(PRESETS[name])
        )
    return taxonomy
