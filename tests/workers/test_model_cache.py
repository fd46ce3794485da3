"""A trained model's archive becomes a folder once, and only when it is what its hash says and nothing in it is foul."""

import hashlib
import stat
import zipfile

import pytest

from ml.data.limits import MediaLimits
from ml.errors import BadCheckpoint
from tests.factories import ModelVersionFactory
from webapp.core import storage
from webapp.registry.services import STORED
from workers import model_cache

pytestmark = pytest.mark.django_db
LINK = zipfile.ZipInfo("model.safetensors")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


@pytest.fixture(autouse=True)
def models_root(settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    return settings.MODELS_ROOT


@pytest.fixture
def stored(tmp_path):
    """A model whose archive holds these members."""

    def store(*members):
        path = tmp_path / "model.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members:
                file.writestr(name, content)
        return ModelVersionFactory(ref=f"{STORED}{storage.put_bytes(path.read_bytes(), '.zip')}")

    return store


def test_an_archive_is_unpacked_once(stored, models_root, monkeypatch):
    model = stored(("config.json", "{}"), ("best/model.safetensors", "weights"))
    folder = model_cache.loadable(model)
    monkeypatch.setattr(model_cache, "unpack_zip", lambda *_: pytest.fail("unpacked again"))
    assert model_cache.loadable(model) == folder
    files = {
        path.relative_to(folder).as_posix(): path.read_text() for path in models_root.rglob("*.*") if path.is_file()
    }
    assert files == {"config.json": "{}", "best/model.safetensors": "weights"}


def test_a_reference_that_is_not_stored_is_left_as_it_is():
    assert model_cache.loadable(ModelVersionFactory(ref="bundled:gdino-nano")) == "bundled:gdino-nano"


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (("../../evil.txt", "x"), "outside its folder"),
        (("/evil.txt", "x"), "outside its folder"),
        ((LINK, "/etc/passwd"), "symbolic link"),
        (("zeros", bytes(4 * 2**20)), "expands more than 100 times"),
    ],
)
def test_a_foul_archive_is_refused_and_leaves_nothing(stored, models_root, tmp_path, member, reason):
    model = stored(("config.json", "{}"), member)
    with pytest.raises(BadCheckpoint, match=reason):
        model_cache.loadable(model)
    assert list(models_root.iterdir()) == []
    assert not list(tmp_path.rglob("evil.txt"))


def test_an_archive_larger_than_a_model_is_refused(stored, models_root, monkeypatch):
    monkeypatch.setattr(model_cache, "LIMITS", MediaLimits(max_archive_bytes=5))
    with pytest.raises(BadCheckpoint, match="more than 5 bytes"):
        model_cache.loadable(stored(("a", "123"), ("b", "456")))
    assert list(models_root.iterdir()) == []


def test_bytes_that_are_not_those_of_the_hash_are_refused(stored):
    model = stored(("config.json", "{}"))
    path = storage.local_path(model.ref.removeprefix(STORED))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    assert hashlib.sha256(content).hexdigest() != path.stem
    with pytest.raises(BadCheckpoint, match="is damaged"):
        model_cache.loadable(model)
