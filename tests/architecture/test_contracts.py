"""The house's own rules: who may import whom, and what must exist for what."""

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.conftest import REPOSITORY
from webapp.jobs.models import Job


def test_imports_run_down_only():
    linted = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout


def test_the_web_process_loads_no_torch():
    """The linter reads imports; this looks at what is loaded once every URL, model and command of the web is."""
    script = (
        "import django; django.setup(); import webapp.config.urls, sys;"
        "print([m for m in ('torch', 'transformers', 'pycocotools') if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.config.settings"},
    )
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", Job.Kind.values)
def test_every_job_kind_has_a_registered_task(kind):
    from workers.app import app

    app.loader.import_default_modules()
    assert f"workers.{kind}" in app.tasks


@pytest.mark.django_db
def test_migrations_say_what_the_models_say():
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


@pytest.mark.parametrize("app", ["accounts", "taxonomy", "registry", "footage", "labels", "audit", "datasets", "jobs"])
def test_every_app_has_the_same_rooms(app):
    folder = REPOSITORY / "webapp" / app
    for room in ("models.py", "selectors.py", "services.py", "serializers.py", "views.py", "urls.py", "admin.py"):
        assert (folder / room).is_file(), f"webapp/{app}/{room} is missing"
