"""The page's types are generated from the schema: it must be whole."""

from io import StringIO

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_the_schema_is_made_without_a_warning_and_is_valid():
    err = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO(), stderr=err)
    assert err.getvalue() == ""
