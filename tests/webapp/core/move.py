"""`python -m tests.webapp.core.move`: moves a home's embedded rows to the PostgreSQL of PGHOST, and makes one row more there."""

import os
import subprocess
import sys


def main() -> int:
    """The product itself must not see PGHOST yet: the variables say where to, and the embedded database is the source."""
    import django

    host = os.environ.pop("PGHOST")
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
    django.setup()
    from django.core.management import call_command

    os.environ["PGHOST"] = host
    call_command("move_to_postgres", "")
    script = (
        "import django; django.setup(); from webapp.accounts.models import User;"
        "User.objects.create_user('new@example.org'); print('next id is free')"
    )
    return subprocess.run([sys.executable, "-c", script], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
