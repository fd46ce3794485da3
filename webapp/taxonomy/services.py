"""Writes of taxonomies."""

from django.db import transaction

from ml.taxonomies import PRESETS
from webapp.accounts.models import Workspace
from webapp.core.errors import DomainError
from webapp.taxonomy.models import Category, Taxonomy

# Thirteen colours at least 19 apart (CIE 1976) for normal sight and for each full colour-vision deficiency, found by annealing; a test
# measures it. State is never shown by colour alone.
COLOURS = (
    "#1189bc",
    "#e98908",
    "#24d161",
    "#ceadfe",
    "#dd8fae",
    "#a1f7f1",
    "#acdbad",
    "#e900af",
    "#d35524",
    "#b45ff6",
    "#f7d101",
    "#ebee9f",
    "#748462",
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
