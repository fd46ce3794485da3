"""Hundreds of devices on bad lines, one machine: `python bench/fleet_faults.py [--devices 300] [--json]`.

The agent's own spool, sender and commander against the server's own API (tests/webapp/fleet/bad_lines.py), on a database of its own. Half of
all requests and answers vanish, come twice or late, break off half-way; one clock of four is hours or weeks wrong; the power goes; a tenth is
revoked, a tenth lies about its name; orders are replayed. Says what happened, and what was lost, twice, or another's: ends with 1 unless all are 0.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

PICTURES, ALARMS = 2, 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HEADWAY_HOME=home, DJANGO_SETTINGS_MODULE="webapp.config.settings")
        found = _played(options.devices, Path(home))
    print(json.dumps(found, indent=None if options.json else 2))
    return int(any(found["losses"].values()))


def _played(devices: int, home: Path) -> dict[str, object]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    from tests.factories import ModelVersionFactory, TaxonomyFactory, WorkspaceFactory
    from tests.webapp.fleet.bad_lines import fleet_of, losses, play
    from tests.webapp.fleet.conftest import picture

    workspace = WorkspaceFactory()
    TaxonomyFactory(workspace=workspace)
    ModelVersionFactory(workspace=workspace)
    began = time.perf_counter()
    fleet = fleet_of(workspace, devices, home / "devices")
    played = play(fleet, [picture(seed, (64, 36)) for seed in range(PICTURES)], alarms=ALARMS)
    seconds = time.perf_counter() - began
    return {
        "devices": devices,
        "messages": sum(len(one.keys) for one in played.everyone),
        "happened": dict(played.happened()),
        "losses": losses(played),
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
