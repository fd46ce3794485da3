"""`manage.py reap_jobs --loop`: takes up what a dead worker left, and clears abandoned uploads."""

import logging
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from webapp.control.removal import retention_tick
from webapp.dashboards.digest import digests_tick
from webapp.dashboards.rollup import figures_tick
from webapp.fleet.upkeep import fleet_tick
from webapp.footage.uploads import expire_uploads
from webapp.jobs.services import reap
from webapp.webhooks.services import webhooks_tick

logger = logging.getLogger(__name__)
ALIVE = Path(settings.HOME_FOLDER) / "reaper"  # touched each round: its age is the reaper's health


class Command(BaseCommand):
    help = "Queue again the jobs whose worker died, ring again for unheard ones, remove expired uploads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help=f"again every {settings.JOB_REAP_EVERY_S:.0f} s")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if options["loop"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        while True:
            try:
                counts = {
                    **reap(),
                    "expired_uploads": expire_uploads(),
                    **fleet_tick(),
                    **webhooks_tick(),
                    **retention_tick(),
                    **digests_tick(),
                    **figures_tick(),
                }
            except DatabaseError:
                if not options["loop"]:
                    raise
                logger.exception("the database did not answer; trying again")
                counts = {}
            if options["loop"] and counts:
                ALIVE.touch()
            if any(counts.values()):
                logger.info("reaped %s", counts)
            if not options["loop"] or stop.wait(settings.JOB_REAP_EVERY_S):
                return
            close_old_connections()
