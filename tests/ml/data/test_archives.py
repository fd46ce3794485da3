"""A zip's good members come in, and each bad one says why it does not."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ml.data.archives import ArchiveError, ArchiveMember, iter_zip_members
from ml.data.images import open_still
from ml.data.limits import MediaLimits
from ml.errors import BadMedia


def png(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def packed(tmp_path):
    def pack(members, compression=zipfile.ZIP_DEFLATED) -> Path:
        path = tmp_path / "batch.zip"
        with zipfile.ZipFile(path, "w", compression) as archive:
            for name, content in members:
                archive.writestr(name, content)
        return path

    return pack


def read(path, **limits):
    """[(name, still size or error code)] in the archive's order."""
    found = []
    for member in iter_zip_members(path, MediaLimits(**limits)):
        if isinstance(member, ArchiveError):
            assert member.error.detail
            found.append((member.name, member.error.code))
        else:
            found.append((member.name, open_still(member.path).size))
    return found


def test_names_in_any_script_are_kept_for_display(packed):
    names = ["汉字/🚗 1.png", "кадр.png", "'; DROP TABLE box;--<img src=x>.png", "plain.png"]
    assert read(packed([(name, png()) for name in names])) == [(name, (8, 6)) for name in names]


def test_utf8_names_without_the_flag_are_kept(packed):
    path = packed([("汉字.png", png())])
    content = bytearray(path.read_bytes())
    for signature, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(signature)
        content[start + flags_at + 1] &= ~0x08
    path.write_bytes(content)
    assert read(path) == [("汉字.png", (8, 6))]


@pytest.mark.parametrize(
    "name", ["../evil.png", "/abs.png", "a/../../evil.png", "..\\..\\evil.png", "C:\\evil.png", "C:/evil.png"]
)
def test_names_that_point_outside_are_refused_and_write_nothing(packed, tmp_path, name):
    path = packed([(name, png()), ("fine.png", png())])
    before = set(tmp_path.parent.rglob("*"))
    assert read(path) == [(name, "unsafe_name"), ("fine.png", (8, 6))]
    assert set(tmp_path.parent.rglob("*")) == before


def test_a_symbolic_link_is_refused(packed):
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert read(packed([(link, "/etc/passwd"), ("fine.png", png())])) == [("link.png", "symlink"), ("fine.png", (8, 6))]


def test_bad_members_are_named_and_good_ones_come_in(packed):
    members = [
        ("a.png", png()),
        ("notes.txt", b"hello"),
        ("empty.png", b""),
        ("inner.png", b"PK\x03\x04 nested"),
        ("clip.png", b"\x00\x00\x00\x18ftypisom" + bytes(40)),
        ("__MACOSX/._a.png", b"\x00\x05\x16\x07"),
        (".DS_Store", b"\x00"),
        ("folder/", b""),
        ("a.png", png("blue")),
    ]
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(members)
    assert read(path) == [
        ("a.png", (8, 6)),
        ("notes.txt", "not_media"),
        ("empty.png", "empty_file"),
        ("inner.png", "nested_archive"),
        ("clip.png", "unsupported_format"),
        ("__MACOSX/._a.png", "system_file"),
        (".DS_Store", "system_file"),
        ("a.png", (8, 6)),
    ]


def test_members_of_one_name_keep_their_own_pictures(packed):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed([("a.png", png("red")), ("a.png", png("blue"))])
    colours = [open_still(member.path).getpixel((0, 0)) for member in iter_zip_members(path)]
    assert colours == [(255, 0, 0), (0, 0, 255)]


def test_a_bomb_is_stopped_while_it_expands(packed):
    path = packed([("bomb.png", png() + bytes(40 * 2**20)), ("fine.png", png())])
    assert read(path) == [("bomb.png", "expansion_bomb"), ("fine.png", (8, 6))]


def test_a_bomb_that_lies_about_its_size_is_stopped_too(packed):
    path = packed([("bomb.png", png() + bytes(40 * 2**20)), ("fine.png", png())])
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    # By the table of contents it holds 100 bytes, and no more is read; that is not what its checksum was made of.
    assert read(path) == [("bomb.png", "corrupt"), ("fine.png", (8, 6))]


def test_members_and_the_whole_archive_have_a_largest_size(packed):
    big = png() + bytes(range(256)) * 40
    path = packed([("1.png", big), ("2.png", big), ("3.png", big)], zipfile.ZIP_STORED)
    assert [code for _, code in read(path, max_still_bytes=10_000)] == ["too_large"] * 3
    assert read(path, max_archive_bytes=2 * len(big)) == [("1.png", (8, 6)), ("2.png", (8, 6)), ("3.png", "too_large")]


def test_too_many_members_are_refused_at_once(packed):
    path = packed([(f"{k}.png", png()) for k in range(5)])
    with pytest.raises(BadMedia) as caught:
        read(path, max_archive_members=4)
    assert caught.value.code == "too_many_members"


def test_rotten_bytes_spoil_their_own_member_only(packed):
    path = packed([("a.png", png()), ("b.png", png())])
    content = bytearray(path.read_bytes())
    content[content.index(b"a.png") + 20] ^= 0xFF
    path.write_bytes(content)
    assert read(path) == [("a.png", "corrupt"), ("b.png", (8, 6))]


def test_an_encrypted_member_is_named(packed):
    path = packed([("a.png", png())])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert read(path) == [("a.png", "encrypted")]


@pytest.mark.parametrize("keep", [0.5, 0.95])
def test_a_cut_zip_is_refused_whole(packed, keep):
    path = packed([("a.png", png()), ("b.png", png())])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(BadMedia) as caught:
        read(path)
    assert caught.value.code == "bad_archive"


def test_nothing_is_left_behind_when_the_reader_stops_early(packed):
    members = iter_zip_members(packed([("a.png", png()), ("b.png", png())]))
    first = next(members)
    assert isinstance(first, ArchiveMember)
    assert first.path.exists()
    members.close()
    assert not first.path.parent.exists()
