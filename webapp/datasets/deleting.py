"""A version is deleted only when nothing refers to it; what does is named."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.datasets.models import DatasetVersion, ExportFile
from webapp.jobs.models import Job
from webapp.jobs.selectors import active_for

NAMED = 5  # of each kind; the rest is counted


@transaction.atomic
def version_delete(version: DatasetVersion) -> None:
    """The row, and the files that no other version names.

    Raises:
        Conflict `in_use`, naming the runs, comparisons, evaluations, models, links and jobs; `referrers` holds them by kind.
    """
    version = (
        DatasetVersion.objects.select_for_update(of=("self",)).select_related("dataset__workspace").get(id=version.id)
    )
    referrers = referrers_of(version)
    if referrers:
        told = "; ".join(f"{kind}: {_told(names)}" for kind, names in referrers.items())
        why = f"{version} cannot be deleted, as these refer to it: {told}."
        raise Conflict("in_use", why, extra={"referrers": referrers})
    keys = [version.frames_key, version.boxes_key]
    for made in (version.export_files, version.format_exports):
        keys += made.values_list("key", flat=True)
    version.delete()
    transaction.on_commit(lambda: _remove([key for key in keys if key]))


def referrers_of(version: DatasetVersion) -> dict[str, list[str]]:
    """What refers to the version, named by kind."""
    return {kind: names for kind, names in _referrers(version) if names}


def _referrers(version: DatasetVersion) -> Iterator[tuple[str, list[str]]]:
    """By kind, what names this version. Related names and not models: training and registry lie above this app."""
    for kind, related in (
        ("training runs", "training_runs"),
        ("method comparisons", "method_comparisons"),
        ("evaluations", "evaluations"),
        ("edge exports", "edge_exports"),
        ("models", "trained_models"),
    ):
        yield kind, [str(row) for row in getattr(version, related).all()]
    links = version.export_links.filter(expires_at__gt=timezone.now())
    yield "signed links", [f"{link.what} until {link.expires_at:%Y-%m-%d %H:%M}" for link in links]
    jobs = active_for(version.dataset.workspace, version=version.id)
    yield "jobs", [job.title for job in jobs.filter(kind__in=[Job.Kind.FREEZE_VERSION, Job.Kind.EXPORT_VERSION])]


def _told(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _remove(keys: list[str]) -> None:
    """Another version with the same labels names the same manifest: content lies in the store once."""
    for key in keys:
        named = DatasetVersion.objects.filter(
            Q(frames_key=key) | Q(boxes_key=key) | Q(format_exports__key=key)
        ).exists()
        if not named and not ExportFile.objects.filter(key=key).exists():
            storage.remove(key)
