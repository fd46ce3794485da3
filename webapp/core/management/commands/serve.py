"""`manage.py serve`: the whole product in the foreground, after the Procfile. Ctrl-C stops every process it started."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from honcho.environ import parse_procfile

from webapp.config.env import REPOSITORY
from webapp.core.processes import KeepingManager


class Command(BaseCommand):
    help = "Start web, worker and reaper (Procfile); a process that dies is started again."

    def handle(self, *args: Any, **options: Any) -> None:
        manager = KeepingManager()
        # The Procfile's programs are those of this environment, also when it was not activated.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {**os.environ, "PATH": path, "PORT": str(settings.PORT), "PYTHONUNBUFFERED": "1"}
        for name, command in parse_procfile((REPOSITORY / "Procfile").read_text()).processes.items():
            manager.add_process(name, command, env=environment, cwd=str(REPOSITORY))
        manager.loop()
        # 130 and 143 are what Ctrl-C and a service manager ask for: a good end.
        sys.exit(0 if manager.returncode in (130, 143) else manager.returncode)
