"""gunicorn's configuration for `desk.py`: while the file SLOW_WHILE exists, every decision takes SLOW_S before it is even read."""

import os
import time
from pathlib import Path
from typing import Any

SLOW_S = 2.0


def pre_request(_worker: Any, request: Any) -> None:
    """Called in the thread that serves the request, so the others go on."""
    if request.method == "POST" and request.path.endswith("/operations/") and Path(os.environ["SLOW_WHILE"]).exists():
        time.sleep(SLOW_S)
