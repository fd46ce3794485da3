"""`manage.py welcome` on a machine so busy that the database stays locked beyond its timeout."""

import pytest
from django.db import OperationalError

from tests.factories import UserFactory
from webapp.accounts.models import User
from workers.management.commands import welcome


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(welcome, "PAUSE_S", 0)
    monkeypatch.setattr(welcome.connection, "close", lambda: None)  # the test's own transaction lives in it


@pytest.mark.django_db
def test_a_locked_database_is_tried_again_and_nothing_is_left_of_the_first_try():
    tries = []

    def work():
        tries.append(UserFactory().email)
        if len(tries) < 3:
            raise OperationalError("database is locked")
        return "password"

    assert welcome.patiently(work) == "password"
    assert list(User.objects.values_list("email", flat=True)) == tries[2:]


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "count"), [("database is locked", welcome.TRIES), ("disk I/O error", 1)])
def test_what_does_not_pass_is_said(words, count):
    tries = []

    def work():
        tries.append(words)
        raise OperationalError(words)

    with pytest.raises(OperationalError, match=words):
        welcome.patiently(work)
    assert len(tries) == count
