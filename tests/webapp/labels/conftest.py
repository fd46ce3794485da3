"""A person at the desk."""

import uuid

import pytest

from tests.factories import BoxFactory
from webapp.footage.models import Frame


@pytest.fixture
def desk(api_client, member):
    """A client of a lead, and a frame with one pending box."""
    box = BoxFactory(frame__clip__drive__workspace=member.workspace)
    return Desk(api_client, member.user, box.frame, box)


class Desk:
    def __init__(self, client, user, frame, box):
        self.client, self.user, self.frame, self.box = client, user, frame, box
        client.force_authenticate(user)

    def send(self, *operations, version=None, frame=None):
        frame = frame or self.frame
        if version is None:
            version = Frame.objects.get(id=frame.id).version
        body = {"operations": [{"id": str(uuid.uuid4()), **operation} for operation in operations]}
        path = f"/api/v1/frames/{frame.id}/operations/"
        return self.client.post(path, body, format="json", headers={"If-Match": f'"{version}"'})

    def on_box(self, kind, **values):
        return {"kind": kind, "box": str(self.box.client_id), **values}

    def state(self):
        self.box.refresh_from_db()
        return self.box.state

    def category(self, name):
        return self.frame.drive.taxonomy.categories.get(name=name)
