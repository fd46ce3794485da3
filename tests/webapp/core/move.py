"""`python -m tests.webapp.core.move`: moves a home's embedded rows to the PostgreSQL of PGHOST, and makes one row more there."""

import os


def main() -> None:
    """The product itself must not see PGHOST yet: the variables say where to, and the embedded database is the source."""
    import django

    host = os.environ.pop("PGHOST")
    os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
    django.setup()
    from django.core.management import call_command

    from webapp.accounts.models import Workspace
    from webapp.core.management.commands.move_to_postgres import TARGET

    os.environ["PGHOST"] = host
    call_command("move_to_postgres", "")
    Workspace.objects.using(TARGET).create(name="new", slug="new")
    print("next id is free")


if __name__ == "__main__":
    main()
