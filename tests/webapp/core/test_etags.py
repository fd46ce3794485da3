"""If-None-Match is compared as RFC 9110 says, in one place."""

from pathlib import Path

import pytest
from django.test import RequestFactory

import webapp
from webapp.core.etags import has_already


@pytest.mark.parametrize(
    ("header", "held"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a"', True),
        ("*", True),
        ('"b"', False),
        ('"aa"', False),
        ("a", False),
        ("", False),
    ],
)
def test_tags_lists_and_weak_ones(header, held):
    request = RequestFactory().get("/", headers={"If-None-Match": header} if header else {})
    assert has_already(request, '"a"') is held


def test_nothing_else_reads_the_header():
    root = Path(webapp.__file__).parent
    readers = [path for path in root.rglob("*.py") if 'get("If-None-Match' in path.read_text()]
    assert [path.name for path in readers] == ["etags.py"]
