"""What holds for each format that there is: what it writes it reads, to a millionth of a pixel, but for what it says that it loses."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from ml.errors import BadAnnotations
from tests.webapp.datasets.formats.samples import boxes_apart, data_sets, labels_of, on_disk, shadow
from webapp.datasets.formats import FEATURES, detect, formats

BOTH_WAYS = [one.name for one in formats().values() if one.read and one.write]


@pytest.mark.parametrize("name", BOTH_WAYS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(images=data_sets())
def test_what_is_written_is_read_again(name, images):
    one = formats()[name]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out"
        on_disk(images, one, target)
        labelled = one.read(target)
        again = list(labelled.images)
    assert labelled.problems == []
    assert labels_of(again, one) == labels_of(shadow(images, one), one)
    assert boxes_apart(again, shadow(images, one)) <= 1e-6


@pytest.mark.parametrize("name", BOTH_WAYS)
@settings(max_examples=5, deadline=None)
@given(images=data_sets(least=1))
def test_what_is_written_is_known_again_as_what_it_is(name, images):
    one = formats()[name]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out"
        on_disk(images, one, target)
        assert detect(target)[0] == name


@pytest.mark.parametrize("name", list(formats()))
def test_each_says_what_it_is_and_what_it_holds(name):
    one = formats()[name]
    assert one.title
    assert one.read or one.write
    assert one.holds <= set(FEATURES)


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_file_of_something_else_is_refused_in_words(name, tmp_path):
    (tmp_path / "note.txt").write_text("nothing of the kind")
    with pytest.raises(BadAnnotations, match=re.escape(tmp_path.name)):
        list(formats()[name].read(tmp_path).images)
