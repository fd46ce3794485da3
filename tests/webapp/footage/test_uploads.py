"""The tus 1.0 protocol, byte by byte."""

import base64
import errno
import fcntl
import hashlib
import io
from datetime import timedelta

import pytest
from django.http import UnreadablePostError
from django.utils import timezone

from ml.data.limits import DEFAULT_LIMITS
from tests.factories import DriveFactory, MembershipFactory
from webapp.accounts.models import Membership
from webapp.core import storage
from webapp.footage import uploads
from webapp.footage.models import Clip, Upload
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
URL = "/api/v1/uploads/"
TUS = {"Tus-Resumable": "1.0.0"}
CONTENT = bytes(range(256)) * 40


@pytest.fixture
def drive(workspace):
    return DriveFactory(workspace=workspace)


def encoded(**metadata: object) -> str:
    return ", ".join(f"{key} {base64.b64encode(str(value).encode()).decode()}" for key, value in metadata.items())


def begin(client, drive, *, size: int = len(CONTENT), filename: str = "a.mp4", **metadata):
    headers = {**TUS, "Upload-Length": str(size)}
    return client.post(
        URL, headers={**headers, "Upload-Metadata": encoded(filename=filename, drive=drive.id, **metadata)}
    )


def send(client, location: str, offset: int, chunk: bytes, **headers: str):
    return client.generic(
        "PATCH",
        location,
        chunk,
        content_type="application/offset+octet-stream",
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )


def head(client, location: str):
    return client.head(location, headers=TUS)


def row(location: str) -> Upload:
    return Upload.objects.get(id=location.rsplit("/", 1)[-1])


def digest(algorithm: str, content: bytes) -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@pytest.fixture
def location(client, drive) -> str:
    return begin(client, drive)["Location"]


def test_the_server_says_what_it_can(client):
    answer = client.options(URL)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "checksum", "termination", "expiration"}
    assert answer["Tus-Max-Size"] == str(DEFAULT_LIMITS.max_file_bytes)
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_file_arrives_in_chunks_and_becomes_a_clip_with_a_job(client, drive, location, rung):
    assert location.startswith("/api/v1/uploads/"), "a path, so that it holds behind a proxy"
    first = send(client, location, 0, CONTENT[:4000])
    assert (first.status_code, first["Upload-Offset"]) == (204, "4000")
    assert "Upload-Expires" in first
    assert "Headway-Clip" not in first
    last = send(client, location, 4000, CONTENT[4000:])
    clip = Clip.objects.get(id=last["Headway-Clip"])
    assert (clip.drive, clip.filename, clip.size, clip.state) == (drive, "a.mp4", len(CONTENT), "uploaded")
    assert clip.sha256 == hashlib.sha256(CONTENT).hexdigest()
    with storage.open_key(clip.key) as stored:
        assert stored.read() == CONTENT
    assert Job.objects.get().params == {"clip": clip.id, "drive": drive.id}
    assert not uploads.part_path(row(location)).exists()


def test_an_interrupted_upload_goes_on_where_it_stood(client, location):
    send(client, location, 0, CONTENT[:5000])
    answer = head(client, location)
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("5000", str(len(CONTENT)))
    assert answer["Cache-Control"] == "no-store"
    assert "Headway-Clip" in send(client, location, 5000, CONTENT[5000:])


@pytest.mark.parametrize("offset", [0, 3999, 4001, 10**6])
def test_a_chunk_for_another_place_is_refused_and_changes_nothing(client, location, offset):
    send(client, location, 0, CONTENT[:4000])
    answer = send(client, location, offset, CONTENT[4000:])
    assert (answer.status_code, answer.data["code"]) == (409, "offset_mismatch")
    assert head(client, location)["Upload-Offset"] == "4000"
    assert uploads.part_path(row(location)).stat().st_size == 4000


@pytest.mark.parametrize("algorithm", uploads.CHECKSUMS)
def test_a_chunk_that_arrived_damaged_does_not_count(client, location, algorithm):
    good = digest(algorithm, CONTENT[:4000])
    damaged = send(client, location, 0, b"x" + CONTENT[1:4000], **{"Upload-Checksum": good})
    assert (damaged.status_code, damaged.data["code"]) == (460, "checksum_mismatch")
    assert head(client, location)["Upload-Offset"] == "0"
    assert send(client, location, 0, CONTENT[:4000], **{"Upload-Checksum": good}).status_code == 204


@pytest.mark.parametrize("checksum", ["md5 AAAA", "sha256", "sha256 !!!"])
def test_a_checksum_that_cannot_be_checked_is_refused(client, location, checksum):
    answer = send(client, location, 0, CONTENT[:10], **{"Upload-Checksum": checksum})
    assert answer.status_code in (400, 460)
    assert head(client, location)["Upload-Offset"] == "0"


def test_what_came_before_the_line_broke_counts(location):
    class Broken(io.BytesIO):
        """Gives 3,000 bytes, then the connection is gone."""

        def read(self, size: int = -1) -> bytes:
            if self.tell() >= 3000:
                raise UnreadablePostError("connection reset")
            return super().read(min(size, 1500))

    upload = uploads.upload_append(row(location), offset=0, body=Broken(CONTENT), length=len(CONTENT))
    assert upload.offset == row(location).offset == 3000
    uploads.upload_append(upload, offset=3000, body=io.BytesIO(CONTENT[3000:]), length=None)
    assert Clip.objects.get().sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_chunk_may_be_larger_than_what_other_requests_may_hold(client, drive, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert "Headway-Clip" in send(client, begin(client, drive)["Location"], 0, CONTENT)


def test_a_file_that_is_not_the_announced_one_leaves_nothing(client, drive):
    location = begin(client, drive, sha256="0" * 64)["Location"]
    answer = send(client, location, 0, CONTENT)
    assert (answer.status_code, answer.data["code"]) == (460, "checksum_mismatch")
    assert not Clip.objects.exists()
    assert not Job.objects.exists()
    assert not uploads.part_path(row(location)).exists()
    assert head(client, location).status_code == 410


def test_the_announced_checksum_is_checked(client, drive):
    location = begin(client, drive, sha256=hashlib.sha256(CONTENT).hexdigest())["Location"]
    assert "Headway-Clip" in send(client, location, 0, CONTENT)


def test_more_bytes_than_declared_are_refused(client, location):
    answer = send(client, location, 0, CONTENT + b"x")
    assert (answer.status_code, answer.data["code"]) == (413, "too_many_bytes")
    assert head(client, location)["Upload-Offset"] == "0"


def test_one_writer_at_a_time(client, location):
    with uploads.part_path(row(location)).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer = send(client, location, 0, CONTENT[:4000])
    assert (answer.status_code, answer.data["code"]) == (423, "upload_busy")
    assert send(client, location, 0, CONTENT[:4000]).status_code == 204


def test_bytes_past_the_acknowledged_offset_are_sent_again(client, location):
    """The server died after it wrote and before it answered."""
    send(client, location, 0, CONTENT[:4000])
    with uploads.part_path(row(location)).open("ab") as part:
        part.write(b"never acknowledged")
    assert head(client, location)["Upload-Offset"] == "4000"
    clip = Clip.objects.get(id=send(client, location, 4000, CONTENT[4000:])["Headway-Clip"])
    assert clip.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_a_disk_that_lost_the_tail_is_sent_it_again(client, location):
    send(client, location, 0, CONTENT[:4000])
    with uploads.part_path(row(location)).open("r+b") as part:
        part.truncate(1000)
    assert head(client, location)["Upload-Offset"] == "1000"
    assert "Headway-Clip" in send(client, location, 1000, CONTENT[1000:])


def test_a_crash_while_completing_leaves_the_last_chunk_to_send_again(client, location, monkeypatch):
    send(client, location, 0, CONTENT[:4000])
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "clip_register", _crash)
        with pytest.raises(RuntimeError):
            send(client, location, 4000, CONTENT[4000:])
    assert head(client, location)["Upload-Offset"] == "4000"
    assert "Headway-Clip" in send(client, location, 4000, CONTENT[4000:])
    assert Clip.objects.count() == 1


def _crash(**_):
    raise RuntimeError("killed")


def test_a_full_disk_is_named_and_the_upload_lives_on(client, location, monkeypatch):
    send(client, location, 0, CONTENT[:4000])
    with monkeypatch.context() as patch:
        patch.setattr(uploads.os, "fsync", _full)
        answer = send(client, location, 4000, CONTENT[4000:6000])
    assert (answer.status_code, answer.data["code"]) == (507, "storage_full")
    assert head(client, location)["Upload-Offset"] == "4000"
    assert "Headway-Clip" in send(client, location, 4000, CONTENT[4000:])


def _full(_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_asking_again_after_the_end_tells_the_clip(client, location):
    clip = send(client, location, 0, CONTENT)["Headway-Clip"]
    assert head(client, location)["Headway-Clip"] == clip
    assert send(client, location, 0, CONTENT).status_code == 410
    assert Clip.objects.count() == 1


def test_the_same_bytes_twice_are_a_duplicate_and_no_second_job(client, drive, location):
    first = send(client, location, 0, CONTENT)["Headway-Clip"]
    second = send(client, begin(client, drive, filename="copy.mp4")["Location"], 0, CONTENT)["Headway-Clip"]
    copy = Clip.objects.get(id=second)
    assert (copy.state, str(copy.duplicate_of_id)) == ("duplicate", first)
    assert Job.objects.count() == 1


def test_the_same_bytes_may_lie_in_two_drives(client, workspace, location):
    send(client, location, 0, CONTENT)
    other = begin(client, DriveFactory(workspace=workspace))["Location"]
    assert Clip.objects.get(id=send(client, other, 0, CONTENT)["Headway-Clip"]).state == "uploaded"


def test_termination_removes_the_bytes(client, location):
    send(client, location, 0, CONTENT[:4000])
    assert client.delete(location, headers=TUS).status_code == 204
    assert not uploads.part_path(row(location)).exists()
    assert head(client, location).status_code == 410
    assert send(client, location, 4000, CONTENT[4000:]).status_code == 410
    assert not uploads.part_path(row(location)).exists()


def test_what_nobody_goes_on_with_expires(client, drive, location):
    busy, abandoned = location, begin(client, drive)["Location"]
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with uploads.part_path(row(busy)).open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        assert uploads.expire_uploads() == 1
    assert (row(busy).state, row(abandoned).state) == ("open", "expired")
    assert not uploads.part_path(row(abandoned)).exists()


@pytest.mark.parametrize("headers", [{}, {"Tus-Resumable": "0.2.2"}])
def test_another_version_of_the_protocol_is_refused(client, location, headers):
    assert client.head(location, headers=headers).status_code == 412


def test_a_chunk_of_another_type_is_refused(client, location):
    answer = client.generic(
        "PATCH", location, CONTENT, content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
    )
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("size", "filename", "code"),
    [
        (0, "a.mp4", "empty_file"),
        (DEFAULT_LIMITS.max_file_bytes + 1, "a.mp4", "file_too_large"),
        (10, "", "bad_filename"),
        (10, "x" * 256, "bad_filename"),
        (10, "a\0.mp4", "bad_filename"),
    ],
)
def test_what_cannot_be_uploaded_is_said_at_once(client, drive, size, filename, code):
    answer = begin(client, drive, size=size, filename=filename)
    assert answer.data["code"] == code
    assert not Upload.objects.exists()


@pytest.mark.parametrize("length", ["", "-1", "ten", "9" * 30])
def test_a_length_that_is_no_number_is_named(client, drive, length):
    headers = {**TUS, "Upload-Length": length, "Upload-Metadata": encoded(filename="a.mp4", drive=drive.id)}
    answer = client.post(URL, headers=headers)
    assert (answer.status_code, list(answer.data["fields"])) == (400, ["Upload-Length"])


def test_metadata_that_is_not_base64_is_named(client):
    answer = client.post(URL, headers={**TUS, "Upload-Length": "5", "Upload-Metadata": "filename ###"})
    assert (answer.status_code, answer.data["code"]) == (400, "bad_metadata")


def test_a_path_in_the_name_is_left_out(client, drive):
    assert row(begin(client, drive, filename="..\\..\\etc/passwd")["Location"]).filename == "passwd"


def test_a_stranger_can_neither_see_nor_touch_an_upload(stranger, client, drive, location):
    send(client, location, 0, CONTENT[:4000])
    assert begin(stranger, drive).data["code"] == "unknown_drive"
    assert head(stranger, location).status_code == 404
    assert send(stranger, location, 4000, CONTENT[4000:]).status_code == 404
    assert stranger.delete(location, headers=TUS).status_code == 404
    assert head(client, location)["Upload-Offset"] == "4000"


@pytest.mark.parametrize("role", ["annotator", "ml_engineer", "viewer"])
def test_a_role_without_footage_writes_nothing(client_of, drive, location, role):
    person = client_of(MembershipFactory(workspace=drive.workspace, role=Membership.Role(role)))
    for answer in (begin(person, drive), send(person, location, 0, CONTENT), person.delete(location, headers=TUS)):
        assert (answer.status_code, answer.data["code"]) == (403, "role_forbids")
