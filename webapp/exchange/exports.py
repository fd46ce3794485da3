"""A version as a zip in any format, made by a job and kept."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from ml.data.archives import pack_folder
from ml.data.hashing import sha256_file
from webapp.accounts.models import User
from webapp.core import storage
from webapp.core.errors import Conflict
from webapp.datasets.exporting import write_pictures, write_version
from webapp.datasets.formats import writer
from webapp.datasets.models import DatasetVersion
from webapp.exchange.models import VersionExport
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue


@transaction.atomic
def export_request(
    version: DatasetVersion, *, format: str, with_pictures: bool, by: User, blurred: bool = False
) -> VersionExport:
    """The export of this format; a new job only where none has made it or is at it.

    Raises:
        Conflict `not_frozen`; DomainError `unknown_format`.
    """
    if version.state != DatasetVersion.State.FROZEN:
        raise Conflict("not_frozen", f"This version is {version.state}; there is nothing to export yet.")
    writer(format)
    one, _ = VersionExport.objects.select_for_update().get_or_create(
        version=version, format=format, with_pictures=with_pictures, blurred=blurred and with_pictures
    )
    if one.key or (one.job and one.job.state in (Job.State.QUEUED, Job.State.RUNNING)):
        return one
    one.job = enqueue(
        Job.Kind.EXPORT_LABELS,
        workspace=version.dataset.workspace,
        params={"export": one.id, "version": version.id},
        title=f"Export {version} as {writer(format).title}",
        created_by=by,
    )
    one.save(update_fields=["job"])
    return one


def export_run(one: VersionExport, on_progress: Callable[[int, int], None]) -> VersionExport:
    """Write the splits one after the other and keep the zip; a second run finds it made."""
    if one.key:
        return one
    work = Path(settings.UPLOADS_ROOT) / "exports"
    work.mkdir(parents=True, exist_ok=True)
    splits = list(one.version.summary["splits"])
    with tempfile.TemporaryDirectory(dir=work) as outer:
        folder = Path(outer) / "out"
        folder.mkdir()
        for place, split in enumerate(splits):
            on_progress(place, len(splits))
            write_version(one.version, split, one.format, folder)
            if one.with_pictures:
                write_pictures(one.version, split, one.format, folder, blur=one.blurred)
        archive = pack_folder(folder, Path(outer) / "export.zip")
        one.key = storage.put_file(archive, ".zip", sha256=sha256_file(archive))
        one.size = archive.stat().st_size
    one.save(update_fields=["key", "size"])
    return one
