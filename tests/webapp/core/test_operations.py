"""The commands of the documents, as a new operator types them."""

import re
import subprocess
from itertools import chain

import pytest
from django.core.management import get_commands

from tests.conftest import REPOSITORY
from tests.webapp.core.test_backup import embedded, embedded_home, environment, some_rows  # noqa: F401
from webapp.core import storage

OPERATIONS = (REPOSITORY / "docs" / "operations.md").read_text()
DOCUMENTS = [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
#: Names in it that stand for what the reader has.
MEANT = {"NAME"}


def test_every_command_that_a_document_names_is_there():
    named = set(chain.from_iterable(re.findall(r"manage\.py (\w+)", page.read_text()) for page in DOCUMENTS))
    assert {"backup", "restore", "move_to_postgres", "bootstrap"} <= named
    assert named - MEANT - get_commands().keys() == set()


def test_every_variable_of_the_table_is_read():
    section = OPERATIONS.split("## Scale-out")[0]
    named = re.findall(r"`([A-Z_]{4,})(?:=1)?`", "".join(re.findall(r"^\| (`[^|]+)\|", section, re.M)))
    code = "".join(path.read_text() for path in (REPOSITORY / "webapp").rglob("*.py"))
    code += (REPOSITORY / "Procfile").read_text()
    assert len(named) > 15
    assert [name for name in named if name not in code] == []


@embedded
@pytest.mark.django_db(transaction=True)
def test_the_block_of_backup_and_restore_runs_as_it_stands(some_rows, settings, tmp_path):  # noqa: F811
    """Its folders alone are others."""
    section = OPERATIONS.split("## Backup and restore")[1].split("```")[1]
    typed = section.replace("/backups/", f"{tmp_path}/backups/").replace("/srv/", f"{tmp_path}/srv/")
    assert typed.count(str(tmp_path)) == 3
    home = embedded_home(tmp_path / "home")
    settings.MEDIA_ROOT.rename(home / "media")
    done = subprocess.run(
        ["bash", "-euc", typed], cwd=REPOSITORY, env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "are what was backed up" in done.stdout
    settings.MEDIA_ROOT = tmp_path / "srv" / "fresh" / "media"
    assert storage.size_of(some_rows) == len(b"a picture")
