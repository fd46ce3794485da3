"""What the commands of this room share: the workspace, the drive, the end of a job and the one JSON line."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ml.errors import MlError
from webapp.accounts.models import Workspace
from webapp.core.errors import DomainError
from webapp.footage.models import Drive
from webapp.jobs.models import Job
from workers.foreground import run_in_foreground


class ProductCommand(BaseCommand):
    """A command inside one workspace that prints one JSON line last."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="the first one, unless named")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """An expected failure is a sentence and a non-zero exit, not a traceback."""
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.detail}") from error
        except MlError as error:
            raise CommandError(" ".join(filter(None, (f"{error.code}: {error.detail}", error.hint)))) from error

    def summarise(self, summary: dict[str, Any], *, failed: bool = False) -> None:
        """The last line that is printed."""
        self.stdout.write(json.dumps(summary, ensure_ascii=False))
        if failed:
            sys.exit(1)


class JobCommand(ProductCommand):
    """A command that makes jobs and sees them through: here by default, in a worker with `--background`."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--background", action="store_true", help="queue the work for a running worker and return")

    def complete(self, job: Job, *, background: bool) -> Job:
        """The ended job, or the queued one."""
        return job if background else run_in_foreground(job.id)


def workspace_named(slug: str | None) -> Workspace:
    """The workspace of this slug, or the first.

    Raises:
        CommandError: there is none.
    """
    found = Workspace.objects.filter(slug=slug) if slug else Workspace.objects.order_by("id")
    workspace = found.first()
    if workspace is None:
        known = ", ".join(Workspace.objects.values_list("slug", flat=True)) or "none yet: run `manage.py bootstrap`"
        raise CommandError(f"There is no workspace '{slug or ''}'; known: {known}.")
    return workspace


def drive_named(workspace: Workspace, name: str) -> Drive:
    """The drive of this name.

    Raises:
        CommandError: there is none.
    """
    drive = Drive.objects.filter(workspace=workspace, name=name).first()
    if drive is None:
        known = ", ".join(workspace.drives.order_by("name").values_list("name", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no drive '{name}' in {workspace.slug}; known: {known}.")
    return drive


def absolute_ref(ref: str) -> str:
    """A model's file or folder by its full path: a worker may stand elsewhere."""
    scheme, separator, rest = ref.rpartition(":") if ref.startswith(("yolox-onnx:", "yolox:")) else ("", "", ref)
    path = Path(rest).expanduser()
    return f"{scheme}{separator}{path.resolve()}" if path.exists() else ref


def error_of(job: Job) -> dict[str, str] | None:
    """What to say of a job that did not succeed."""
    if job.state == Job.State.CANCELLED:
        return {"code": "cancelled", "detail": "The job was cancelled."}
    if job.state != Job.State.FAILED:
        return None
    return {"code": job.error_code, "detail": " ".join(filter(None, (job.error_detail, job.error_hint)))}
