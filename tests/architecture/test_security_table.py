"""docs/security.md names a test for every promise; a test that was renamed or removed takes its promise with it."""

import ast
import re

import pytest

from tests.conftest import REPOSITORY

DOCUMENT = (REPOSITORY / "docs" / "security.md").read_text()
NAMED = re.findall(r"`((?:tests|frontend)/[\w./-]+\.(?:py|ts))(?:::(\w+))?`", DOCUMENT)


def rows():
    return [
        line for line in DOCUMENT.splitlines() if line.startswith("| ") and not line.startswith(("| clause", "| hole"))
    ]


def test_every_row_names_a_test():
    assert len(rows()) > 30
    assert [row for row in rows() if not re.search(r"`(tests|frontend)/", row)] == []


@pytest.mark.parametrize("path", sorted({path for path, _ in NAMED}))
def test_the_tests_that_it_names_are_there(path):
    source = (REPOSITORY / path).read_text()
    wanted = {name for file, name in NAMED if file == path and name}
    if path.endswith(".py"):
        there = {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
        assert wanted <= there
