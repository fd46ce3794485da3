"""People who ask, and a broker that only listens."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.factories import MembershipFactory
from webapp.accounts.models import Membership, Workspace
from webapp.config.celery import app as celery


@pytest.fixture(autouse=True)
def rung(monkeypatch) -> list[str]:
    """The ids of the jobs that the broker was told of; nothing is sent."""
    heard: list[str] = []
    monkeypatch.setattr(celery, "send_task", lambda name, args, queue: heard.append(args[0]))
    return heard


@pytest.fixture
def member(db) -> Membership:
    """An owner and their workspace."""
    return MembershipFactory()


@pytest.fixture
def workspace(member) -> Workspace:
    return member.workspace


@pytest.fixture
def client_of() -> Callable[[Membership], APIClient]:
    """A client that is logged in as this member."""

    def made(membership: Membership) -> APIClient:
        client = APIClient(headers={"X-Workspace": membership.workspace.slug})
        client.force_authenticate(membership.user)
        return client

    return made


@pytest.fixture
def client(member, client_of) -> APIClient:
    """The owner's client."""
    return client_of(member)


@pytest.fixture
def stranger(db, client_of) -> APIClient:
    """An owner of another workspace."""
    return client_of(MembershipFactory())


@pytest.fixture
def api_client() -> APIClient:
    """Nobody yet: the test says who asks."""
    return APIClient()
