"""Any JSON comes out in pieces as json.loads reads it whole, whatever stands in its strings and wherever the blocks end."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.data import json_records
from ml.errors import BadAnnotations

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(alphabet='ab{}[]",:\\ \n摩', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='ab}"', max_size=3), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


def read(path):
    found: dict = {}
    for key, first, records in json_records.iter_records(path):
        assert first == len(found.setdefault(key, []))
        found[key] += records
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("json")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    document=st.dictionaries(st.text(max_size=4), st.lists(VALUES, max_size=6), max_size=3),
    block=st.integers(1, 64),
    indent=st.sampled_from([None, 1]),
)
def test_lists_come_out_whole_at_any_block_size(folder, document, block, indent):
    path = folder / "document.json"
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "BLOCK", block)
        assert read(path) == document


def test_a_list_at_the_top_and_values_beside_lists(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('\ufeff[{"a": 1}, {"a": NaN}, {"a": 3}]')
    assert str(read(path)) == str({"": [{"a": 1}, {"a": float("nan")}, {"a": 3}]})
    path.write_text('{"info": {"year": 2026}, "n": 3, "list": [1, 2]}')
    assert read(path) == {"info": [{"year": 2026}], "n": [3], "list": [1, 2]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": [{"b": 1}, {"b": ', "a, record 1"),
        ('{"a": [{"b": 1}, {"b": x}]}', "no JSON, in a, record 1"),
        ('{"a": [{"b": 1}', "ends early"),
        ('{"a": 1} {"a": 2}', "something follows"),
        ('{"a": [1], "a": [2]}', "holds 'a' twice"),
        ("{'a': 1}", "no JSON"),
        ('{"a": ["\udc80"]}', "not UTF-8"),
        ("<xml/>", "no JSON object or list"),
        ("", "no JSON object or list"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_what_is_no_json_says_where(tmp_path, text, message):
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BadAnnotations, match=message):
        read(path)
