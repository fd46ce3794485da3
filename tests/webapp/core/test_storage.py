"""The store: whole files under the name of their content, or none."""

import hashlib
import os
from pathlib import Path

import pytest
from django.core.files.storage import storages

from webapp.core import storage

CONTENT = b"some bytes of a picture"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_key_is_the_content(settings):
    key = storage.put_bytes(CONTENT, ".jpg")
    assert key == f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}.jpg"
    with storage.open_key(key) as stored:
        assert stored.read() == CONTENT


def test_storing_again_writes_nothing(settings):
    key = storage.put_bytes(CONTENT, ".jpg")
    before = os.stat(storage.local_path(key)).st_mtime_ns
    assert storage.put_bytes(CONTENT, ".jpg") == key
    assert os.stat(storage.local_path(key)).st_mtime_ns == before
    assert len(files(settings)) == 1


def test_a_file_is_copied_and_the_original_stays(settings, tmp_path):
    original = tmp_path / "clip.mp4"
    original.write_bytes(CONTENT)
    key = storage.put_file(original, ".mp4", sha256=DIGEST)
    original.write_bytes(b"changed later")
    with storage.open_key(key) as stored:
        assert stored.read() == CONTENT


def test_a_full_disk_leaves_no_half_file(settings, monkeypatch):
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            storage.put_bytes(CONTENT, ".jpg")
    assert files(settings) == []
    storage.put_bytes(CONTENT, ".jpg")
    assert len(files(settings)) == 1


def test_an_object_store_serves_the_same_calls(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    original = tmp_path / "clip.mp4"
    original.write_bytes(CONTENT)
    key = storage.put_file(original, ".mp4", sha256=DIGEST)
    assert storage.put_bytes(CONTENT, ".mp4") == key
    assert storage.local_path(key) is None
    copy = storage.materialised(key, tmp_path)
    assert (copy.read_bytes(), copy.parent) == (CONTENT, tmp_path)
    storage.remove(key)
    assert not storages["default"].exists(key)


@pytest.mark.parametrize("backend", ["FileSystemStorage", "InMemoryStorage"])
def test_sizes_parts_and_digests_are_told_by_every_store(settings, backend):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": f"django.core.files.storage.{backend}"}}
    key = storage.put_bytes(CONTENT, ".jpg")
    assert storage.size_of(key) == len(CONTENT)
    assert b"".join(storage.part(key, 5, 7)) == CONTENT[5:12]
    assert b"".join(storage.part(key, 5, 0)) == b""
    assert storage.has_digest(DIGEST)
    storage.remove(key)
    assert (storage.size_of(key), storage.has_digest(DIGEST)) == (None, False)
    with pytest.raises(FileNotFoundError):
        storage.part(key, 0, 1)
