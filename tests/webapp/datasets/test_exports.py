"""The export for machines: strong tags, ranges, codings, links that end. Whatever way it comes, the bytes are those of the version."""

import gzip
from datetime import timedelta

import pyarrow as pa
import pytest
from django.utils import timezone

from webapp.core import storage
from webapp.datasets import exports
from webapp.datasets.encodings import chosen_coding
from webapp.datasets.formats import coco
from webapp.datasets.links import link_create
from webapp.datasets.models import DatasetVersion, ExportFile
from webapp.datasets.services import version_create, version_freeze
from webapp.jobs.models import Job
from workers import tasks  # noqa: F401 - fills the registry
from workers.lifecycle import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(member, dataset, drives):
    places = list(zip(drives, ("train", "val"), strict=True))
    made = version_create(
        dataset=dataset, drives=places, include_unaudited=False, override_reason="test", created_by=member.user
    )
    return version_freeze(made, lambda done, total: None)


@pytest.fixture
def path(version):
    return f"/api/v1/dataset-versions/{version.id}/coco/"


def body(response):
    return b"".join(response.streaming_content)


def whole(version, split=None):
    return b"".join(coco.stream(version, split))


def test_the_first_whole_download_builds_the_file_that_the_next_is_served_from(client, path, version):
    first = client.get(path)
    assert not first.has_header("Content-Length")
    assert body(first) == whole(version)
    made = ExportFile.objects.get()
    second = client.get(path)
    assert int(second["Content-Length"]) == made.size == len(body(second))
    assert second["X-Content-SHA256"] == made.sha256
    assert second["ETag"] == first["ETag"]


def test_a_client_that_leaves_early_leaves_no_file(version):
    sending = exports.export_stream(version, None)
    next(sending)
    assert list(exports._folder().iterdir())
    sending.close()
    assert not ExportFile.objects.exists()
    assert not list(exports._folder().iterdir())


def test_a_part_before_anything_was_built_asks_to_come_back(client, path, version):
    response = client.get(path, headers={"Range": "bytes=10-"})
    assert (response.status_code, response.json()["code"]) == (503, "being_built")
    assert int(response["Retry-After"]) > 0
    again = client.get(path, headers={"Range": "bytes=10-"})
    assert again.status_code == 503
    job = Job.objects.get(kind=Job.Kind.EXPORT_VERSION)  # one, however often it is asked for
    run(job.id, worker="test")
    job.refresh_from_db()
    assert (job.state, job.result["size"]) == (Job.State.SUCCEEDED, len(whole(version)))
    assert client.get(path, headers={"Range": "bytes=10-"}).status_code == 206


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=5-99999999", slice(5, None)),
    ],
)
def test_a_range_is_that_part_of_the_bytes(client, path, version, asked, part):
    exports.export_build(version, None)
    response = client.get(path, headers={"Range": asked, "Accept-Encoding": "gzip"})
    expected = whole(version)[part]
    assert (response.status_code, body(response)) == (206, expected)
    assert int(response["Content-Length"]) == len(expected)
    assert response["Content-Range"].endswith(f"/{len(whole(version))}")
    assert not response.has_header("Content-Encoding")


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=0-1,4-5", "lines=0-1", "bytes=-"])
def test_a_range_that_is_none_is_ignored(client, path, version, asked):
    exports.export_build(version, None)
    response = client.get(path, headers={"Range": asked})
    assert (response.status_code, body(response)) == (200, whole(version))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_size(client, path, version, asked):
    size = exports.export_build(version, None).size
    response = client.get(path, headers={"Range": asked})
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{size}")


def test_another_state_of_the_file_is_sent_whole(client, path, version):
    exports.export_build(version, None)
    same = {"Range": "bytes=4-", "If-Range": exports.etag_of(version, None)}
    assert client.get(path, headers=same).status_code == 206
    for other in ('"older"', exports.etag_of(version, "train"), "Wed, 21 Oct 2026 07:28:00 GMT"):
        response = client.get(path, headers=same | {"If-Range": other})
        assert (response.status_code, body(response)) == (200, whole(version))


@pytest.mark.parametrize(
    ("coding", "decode"),
    [("gzip", gzip.decompress), ("zstd", lambda data: pa.CompressedInputStream(pa.BufferReader(data), "zstd").read())],
)
def test_each_coding_holds_the_same_bytes_under_a_tag_of_its_own(client, path, version, coding, decode):
    streamed = client.get(path, headers={"Accept-Encoding": coding})
    assert streamed["Content-Encoding"] == coding
    assert "Accept-Encoding" in streamed["Vary"]
    assert streamed["ETag"] != exports.etag_of(version, None)
    sent = body(streamed)
    assert len(sent) < len(whole(version)) / 2
    assert decode(sent) == whole(version)
    stored = client.get(path, headers={"Accept-Encoding": coding})
    assert body(stored) == sent
    known = client.get(path, headers={"Accept-Encoding": coding, "If-None-Match": streamed["ETag"]})
    assert (known.status_code, known["ETag"]) == (304, streamed["ETag"])


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("gzip, deflate", "gzip"),
        ("gzip, zstd", "zstd"),
        ("zstd;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0.2, identity", None),
        ("*", "zstd"),
        ("gzip;q=nonsense", None),
    ],
)
def test_the_coding_is_the_clients_choice(accepted, coding):
    assert chosen_coding(accepted) == coding


@pytest.mark.parametrize("known", ["*", '"a", W/{tag}', "{tag}"])
def test_what_the_client_has_is_not_sent_again(client, path, version, known):
    header = known.replace("{tag}", exports.etag_of(version, None))
    assert client.get(path, headers={"If-None-Match": header}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_file_that_is_gone_from_the_store_is_built_again(client, path, version):
    storage.remove(exports.export_build(version, None).key)
    assert body(client.get(path)) == whole(version)
    assert exports.export_file(version, None) is not None


def link_of(client, version, **values):
    response = client.post(f"/api/v1/dataset-versions/{version.id}/links/", values, format="json")
    assert response.status_code == 201
    return response.json()["url"].removeprefix("http://testserver")


def test_a_signed_link_needs_no_login_and_opens_that_file_alone(client, api_client, version):
    url = link_of(client, version, split="train")
    assert body(api_client.get(url)) == whole(version, "train")
    for other in (url.replace("train", "val"), url.replace("/coco/", "/images/"), url[:-1], f"{url}x"):
        response = api_client.get(other)
        assert (response.status_code, response.json()["code"]) == (403, "link_invalid")


def test_a_signed_link_ends(api_client, member, version):
    _, url = link_create(version=version, what="coco", split=None, lasts=timedelta(seconds=-1), created_by=member.user)
    response = api_client.get(url)
    assert (response.status_code, response.json()["code"]) == (403, "link_expired")


def test_a_link_of_one_version_does_not_open_another(client, api_client, version):
    other = DatasetVersion.objects.create(
        dataset=version.dataset, number=9, created_by=version.created_by, state="frozen", digest="x" * 64
    )
    url = link_of(client, version).replace(f"/{version.id}/", f"/{other.id}/")
    assert api_client.get(url).json()["code"] == "link_invalid"


def test_who_may_not_write_datasets_makes_no_link_and_none_lasts_too_long(client, client_of, version):
    links = f"/api/v1/dataset-versions/{version.id}/links/"
    assert client.post(links, {"lasts_s": 8 * 86_400}, format="json").json()["fields"].keys() == {"lasts_s"}
    assert client.post(links, {"split": "nowhere"}, format="json").json()["code"] == "unknown_split"
    assert not version.export_links.filter(expires_at__gt=timezone.now()).exists()
