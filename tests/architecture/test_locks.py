"""What is installed is what was locked: each package by exact version and digest, so that a changed file is refused.

It knows nothing of advisories: `make audit` asks for those where a database of them answers.
"""

import json
import re

import pytest

from tests.conftest import REPOSITORY

LOCKS = sorted((REPOSITORY / "requirements").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_by_digest(lock):
    text = lock.read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    loose = [line[:60] for line in lines if not re.match(r"[\w.\-\[\],]+==\S+.*--hash=sha256:[0-9a-f]{64}", line)]
    assert loose == []


def test_every_package_of_the_page_is_pinned_by_digest():
    packages = json.loads((REPOSITORY / "frontend/package-lock.json").read_text())["packages"]
    fetched = {name: row for name, row in packages.items() if name and not row.get("link") and not row.get("inBundle")}
    assert len(fetched) > 100
    loose = [name for name, row in fetched.items() if not re.match(r"sha(512|256)-", row.get("integrity", ""))]
    assert loose == []
