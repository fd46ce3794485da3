"""`manage.py welcome`: once the product answers, makes the first owner and the demo drive and prints address and login."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from webapp.accounts.models import User, Workspace
from webapp.config.env import REPOSITORY
from webapp.dashboards.bootstrap import bootstrap
from webapp.footage.models import Drive
from webapp.footage.services import clip_ingest, drive_create

Result = TypeVar("Result")
TRIES, PAUSE_S = 6, 2.0
DEMO_CLIP = REPOSITORY / "fixtures" / "drives" / "demo.mp4"
DEMO_NAME = "Demo drive (rendered)"
BANNER = """
  ------------------------------------------------------------------
   Headway is ready       {url}
   log in as              {email}
{password}   Stop with Ctrl-C; nothing is lost.
  ------------------------------------------------------------------
"""
LOGIN_LINE = (
    "   password               {password}   (shown this once; `manage.py changepassword {email}` makes another)\n"
)


class Command(BaseCommand):
    help = "Wait until the web answers, make the owner and the demo drive where they are missing, print the login."

    def handle(self, *args: Any, **options: Any) -> None:
        url = f"http://localhost:{settings.PORT}"
        _wait_until_ready(f"{url}/health/ready", within_s=120)
        owner, password = patiently(bootstrap)
        patiently(lambda: _demo_drive(owner))
        line = LOGIN_LINE.format(password=password, email=owner.email) if password else ""
        self.stdout.write(BANNER.format(url=url, email=owner.email, password=line))


def patiently(work: Callable[[], Result]) -> Result:
    """Whole or not at all, and tried again while SQLite's one writer's place is taken for longer than its own timeout.

    Whole, as the owner's password is known only to the try that made the owner.
    """
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
            connection.close()
            time.sleep(PAUSE_S)
    with transaction.atomic():
        return work()


def _wait_until_ready(url: str, *, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandError(f"the web did not answer at {url} within {within_s:.0f} s; its log is above")


def _demo_drive(owner: User) -> None:
    """A rendered clip, ingested and pre-labelled like any other, so that the first look is not an empty one."""
    workspace = Workspace.objects.order_by("id").first()
    if workspace is None or Drive.objects.filter(workspace=workspace).exists() or not DEMO_CLIP.exists():
        return
    drive = drive_create(workspace=workspace, name=DEMO_NAME, sample_fps=2.0)
    clip_ingest(drive=drive, path=DEMO_CLIP, filename=DEMO_CLIP.name, created_by=owner)
