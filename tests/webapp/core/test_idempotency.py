"""`Idempotency-Key`: the same request again is the same answer, at once or one after the other."""

import threading

import pytest
from django.db import connection

from tests.factories import MembershipFactory
from webapp.core.models import IdempotencyRecord
from webapp.datasets.models import Dataset
from webapp.taxonomy.services import preset_install

URL = "/api/v1/datasets/"
KEY = {"Idempotency-Key": "one"}


@pytest.mark.django_db
class TestInTurn:
    @pytest.fixture(autouse=True)
    def taxonomy(self, workspace):
        return preset_install(workspace, "gdda13")

    def test_a_repeat_gets_the_first_answer(self, client):
        first = client.post(URL, {"name": "a"}, format="json", headers=KEY)
        again = client.post(URL, {"name": "a"}, format="json", headers=KEY)
        assert (again.status_code, again.json()) == (201, first.json())
        assert Dataset.objects.count() == 1

    def test_a_key_is_one_persons(self, client, member, client_of):
        other = MembershipFactory(workspace=member.workspace)
        client.post(URL, {"name": "a"}, format="json", headers=KEY)
        assert client_of(other).post(URL, {"name": "b"}, format="json", headers=KEY).status_code == 201

    def test_what_failed_may_be_tried_again_with_its_key(self, client):
        assert client.post(URL, {"name": ""}, format="json", headers=KEY).status_code == 400
        assert not IdempotencyRecord.objects.exists()
        assert client.post(URL, {"name": "a"}, format="json", headers=KEY).status_code == 201

    def test_a_key_names_one_request(self, client):
        client.post(URL, {"name": "a"}, format="json", headers=KEY)
        other = client.post(URL, {"name": "b"}, format="json", headers=KEY)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db(transaction=True)
def test_four_at_once_make_one_and_hear_the_same(member, client_of):
    preset_install(member.workspace, "gdda13")
    start, answers = threading.Barrier(4), []

    def send():
        start.wait()
        try:
            response = client_of(member).post(URL, {"name": "a"}, format="json", headers=KEY)
            answers.append((response.status_code, response.json()["id"]))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(201, Dataset.objects.get().id)] * 4
