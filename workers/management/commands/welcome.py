"""`manage.py welcome`: once the product answers, makes the first owner and the demo drive and prints address and login."""

import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from webapp.accounts.models import User, Workspace
from webapp.config.env import REPOSITORY
from webapp.dashboards.bootstrap import bootstrap
from webapp.footage.models import Drive
from webapp.footage.services import clip_ingest, drive_create

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
        owner, password = bootstrap()
        _demo_drive(owner)
        line = LOGIN_LINE.format(password=password, email=owner.email) if password else ""
        self.stdout.write(BANNER.format(url=url, email=owner.email, password=line))


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
