"""`manage.py move_to_postgres postgres://…`: all rows of the embedded database into an empty PostgreSQL, and the check that they are the same."""

from typing import Any

import environ
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from webapp.core.rows import attach, differences, rows_copy, rows_digest

TARGET = "target"


class Command(BaseCommand):
    help = "Copy all rows to PostgreSQL and compare them by digest. Stop the product first; files stay where they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "url", help="postgres://user:secret@host/name; or PGHOST and PGDATABASE, and an empty one here"
        )
        parser.add_argument("--replace", action="store_true", help="drop what the target has")

    def handle(self, *args: Any, **options: Any) -> None:
        attach(TARGET, _config(options["url"]))
        if connections[TARGET].vendor != "postgresql":
            raise CommandError("The target is no PostgreSQL.")
        if not options["replace"] and connections[TARGET].introspection.table_names():
            raise CommandError("The target has tables already; --replace drops their rows.")
        copied = rows_copy("default", TARGET)
        if wrong := differences(rows_digest("default"), copied):
            raise CommandError("The rows differ: " + "; ".join(wrong[:10]))
        rows = sum(table["rows"] for table in copied.values())
        self.stdout.write(f"{rows} rows in {len(copied)} tables are the same. Set DATABASE_URL and start again.")


def _config(url: str) -> dict[str, Any]:
    """A socket's folder cannot be written in a URL that django-environ parses: then PG* variables say where."""
    env = environ.Env()
    if url:
        return dict(env.db_url_config(url))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": env.str("PGHOST"),
        "PORT": env.str("PGPORT", default=""),
        "USER": env.str("PGUSER", default="postgres"),
        "PASSWORD": env.str("PGPASSWORD", default=""),
        "NAME": env.str("PGDATABASE", default="postgres"),
    }
