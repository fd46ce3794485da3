"""The forms get their methods even when the database is taken as a worker starts."""

import builtins
import importlib

import pytest
from django.db import OperationalError

from webapp.training.models import MethodSpec
from workers import publish

pytestmark = pytest.mark.django_db


def test_a_database_that_is_taken_is_asked_again(monkeypatch):
    left = ["locked", "locked"]

    def taken(methods):
        if left:
            raise OperationalError(f"database is {left.pop()}")
        return real(methods)

    real = publish.methods_publish
    monkeypatch.setattr(publish, "methods_publish", taken)
    monkeypatch.setattr(publish.time, "sleep", lambda _: None)
    publish.publish_methods()
    assert MethodSpec.objects.filter(name="cld").exists()


def test_one_that_stays_taken_is_an_error(monkeypatch):
    def taken(_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(publish, "methods_publish", taken)
    monkeypatch.setattr(publish.time, "sleep", lambda _: None)
    with pytest.raises(OperationalError):
        publish.publish_methods()


def test_a_standing_worker_imports_nothing_as_it_publishes(monkeypatch):
    """A process forked meanwhile would wait for the import's lock for ever."""
    published = []

    def refused(name, *_, **__):
        raise AssertionError(f"{name} is imported beside the pool")

    monkeypatch.setattr(publish, "methods_publish", published.extend)
    with monkeypatch.context() as patch:
        patch.setattr(importlib, "import_module", refused)
        patch.setattr(builtins, "__import__", refused)  # last, as pytest imports while it patches
        publish.publish_methods()
    assert {"cld", "rpld"} <= {way["name"] for way in published}
