"""Every operation of the schema, called with values that schemathesis makes up, right and wrong: no answer is a server error."""

import json
import os
import traceback
from contextlib import suppress
from io import StringIO
from urllib.parse import urlencode

import pytest
import schemathesis
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.test import APIClient
from schemathesis import GenerationMode
from schemathesis.core import NotSet

from tests.factories import DeviceFactory
from tests.webapp.accounts.test_rights import NAMES, objects  # noqa: F401  # a fixture: one row of every kind
from webapp.fleet.tokens import token_issue
from webapp.footage.upload_views import CHUNK_TYPE

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "2"))
BODILESS = ("GET", "HEAD", "DELETE")


def operations():
    """Of the schema as it is served."""
    out = StringIO()
    call_command("spectacular", "--format", "openapi-json", stdout=out)
    return [found.ok() for found in schemathesis.openapi.from_dict(json.loads(out.getvalue())).get_all_operations()]


@pytest.mark.once
@pytest.mark.django_db
def test_no_operation_ends_in_a_server_error(member, objects, caplog):  # noqa: F811
    """A row is there for each path, and what an answer changes is taken back, so that the next one finds it."""
    caplog.set_level("CRITICAL")
    person = APIClient(headers={"X-Workspace": member.workspace.slug})
    person.force_authenticate(member.user)
    device = APIClient(headers={"Authorization": f"Device {token_issue(DeviceFactory(workspace=member.workspace))}"})
    found = {}
    for operation in operations():
        client = device if operation.path.startswith("/api/v1/device/") else person
        takes = len(list(operation.query)) + len(list(operation.body))
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[: 2 if takes else 1]:
            for case in made_up(operation, mode):
                if error := answer(client, case, objects):
                    found[operation.label] = error
    assert found == {}


def made_up(operation, mode):
    """The same cases in every run."""
    cases = []
    # schemathesis writes no raw chunks.
    chunk = {"body": b"chunk", "media_type": CHUNK_TYPE} if CHUNK_TYPE in str(list(operation.body)) else {}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, **chunk))
    def collect(case):
        cases.append(case)

    with suppress(Unsatisfiable):  # of an operation that takes nothing, nothing can be wrong
        collect()
    return cases


def answer(client, case, objects):  # noqa: F811
    """The last lines of what broke; nothing when the server had an answer."""
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace("{" + name + "}", str(known(case.path, name, objects, value)))
    content = {}
    if case.method not in BODILESS and not isinstance(case.body, NotSet):
        raw = isinstance(case.body, (bytes, str))
        body = case.body if raw else json.dumps(case.body)
        content = {"data": body, "content_type": case.media_type or "application/json"}
        if (case.media_type or "").startswith("multipart"):
            content = {"data": case.body if isinstance(case.body, dict) else {}, "format": "multipart"}
    headers = {str(name): str(value) for name, value in (case.headers or {}).items() if str(value).isprintable()}
    query = urlencode(case.query or {}, doseq=True, errors="replace")
    try:
        with transaction.atomic():
            told = getattr(client, case.method.lower())(path, **content, headers=headers, QUERY_STRING=query)
            transaction.set_rollback(True)
        return "" if told.status_code < 500 else f"{told.status_code}: {told.content[:200]!r}"
    except Exception as error:  # whatever it is, it would have been a 500
        connection.needs_rollback = False
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} at {where.filename}:{where.lineno} for {path}?{query} {content}"[:600]


def known(path, name, objects, value):  # noqa: F811
    """The id of a row that is there; else what was made up."""
    if name == "number":
        return 0
    return objects.get(NAMES.get(path.removeprefix("/api/v1/").split("/")[0], ""), value)
