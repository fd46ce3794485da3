"""Somebody in two workspaces: the header chooses, and what a browser fetches by itself is found in either."""

import pytest

from tests.factories import FrameFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_the_header_chooses_and_pictures_need_none(member, api_client):
    second = MembershipFactory(user=member.user)
    frame = FrameFactory(clip__drive__workspace=second.workspace, with_picture=True)
    api_client.force_authenticate(member.user)
    drives = "/api/v1/drives/"
    assert api_client.get(drives).json()["results"] == []
    chosen = api_client.get(drives, headers={"X-Workspace": second.workspace.slug}).json()["results"]
    assert [drive["id"] for drive in chosen] == [frame.drive_id]
    assert api_client.get(f"/api/v1/frames/{frame.id}/thumbnail").status_code == 200
