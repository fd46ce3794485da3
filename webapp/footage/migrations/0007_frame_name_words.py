"""Frames are found by any part of their name, on PostgreSQL by an index of its trigrams where the extension can be had; elsewhere as ever."""

from django.db import migrations

MAY = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
# As Django writes `icontains`.
MAKE = "CREATE INDEX IF NOT EXISTS frame_name_words ON footage_frame USING gin (upper(name::text) gin_trgm_ops)"


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(MAY)
        if cursor.fetchone() is None:
            return
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        known = cursor.fetchone() is not None
        cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE')")
        if not known and not cursor.fetchone()[0]:
            return
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(MAKE)


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS frame_name_words")


class Migration(migrations.Migration):
    dependencies = [("footage", "0006_no_index_twice")]
    operations = [migrations.RunPython(make, drop)]
