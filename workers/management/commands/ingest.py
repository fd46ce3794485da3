"""`manage.py ingest PATH... --drive NAME`: videos, stills, zips and folders of them become frames."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from webapp.accounts.models import Workspace
from webapp.footage.models import Clip, Drive
from webapp.footage.services import clip_ingest, drive_create, drive_update
from webapp.jobs.models import Job
from workers.cli import JobCommand, workspace_named


class Command(JobCommand):
    help = "Take files into a drive and cut their frames. A file that fails is named; the others come in."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of files")
        parser.add_argument("--drive", required=True, metavar="NAME", help="made when it is not there")
        sampling = parser.add_mutually_exclusive_group()
        sampling.add_argument("--fps", type=float, metavar="F", help="frames a second of video (2 unless told)")
        sampling.add_argument("--every", type=int, metavar="N", help="every n-th frame of video")

    def handle(self, *args: Any, **options: Any) -> None:
        files = _files(options["paths"])
        drive = _drive(workspace_named(options["workspace"]), options["drive"], options["fps"], options["every"])
        clips = [clip_ingest(drive=drive, path=path, filename=path.name) for path in files]
        if not options["background"]:
            for clip in clips:
                self._ingest(clip)
        rows = [_summary(clip) for clip in Clip.objects.filter(id__in=[clip.id for clip in clips]).order_by("id")]
        failed = [row for row in rows if row["state"] == Clip.State.FAILED]
        for row in failed:
            self.stderr.write(f"{row['file']}: {row['error']['detail']}")
        frames = sum(row["frames"] for row in rows)
        self.summarise({"drive": drive.id, "name": drive.name, "frames": frames, "clips": rows}, failed=bool(failed))

    def _ingest(self, clip: Clip) -> None:
        job = Job.objects.filter(kind=Job.Kind.EXTRACT_FRAMES, params__clip=clip.id).first()
        if job is not None:  # a duplicate has none
            self.complete(job, background=False)


def _files(paths: list[Path]) -> list[Path]:
    """The files named, and those in the folders named, by name. Hidden ones stay out."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CommandError(f"There is no file or folder '{path}'.")
        inside = (p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith("."))
        files += inside if path.is_dir() else [path]
    if not files:
        raise CommandError("The folder holds no files.")
    return files


def _drive(workspace: Workspace, name: str, fps: float | None, every: int | None) -> Drive:
    sampling: dict[str, Any] = {
        key: value for key, value in (("sample_fps", fps), ("sample_every", every)) if value is not None
    }
    if any(value <= 0 for value in sampling.values()):
        raise CommandError("--fps and --every must be above 0.")
    drive = Drive.objects.filter(workspace=workspace, name=name).first()
    if drive is None:
        return drive_create(workspace=workspace, name=name, **sampling)
    return drive_update(drive, **sampling) if sampling else drive


def _summary(clip: Clip) -> dict[str, Any]:
    error = {"code": clip.error_code, "detail": clip.error_detail} if clip.error_code else None
    return {
        "id": clip.id,
        "file": clip.filename,
        "kind": clip.kind,
        "state": clip.state,
        "frames": clip.frames.count(),
        "duplicate_of": clip.duplicate_of_id,
        "problems": clip.problems,
        "error": error,
    }
