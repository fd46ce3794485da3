"""A broken COCO file is told record by record."""

import copy

import pytest

from ml.coco import problems, validate
from ml.errors import BadAnnotations

GOOD = {
    "images": [{"id": 1, "width": 640, "height": 360, "file_name": "a/汉字.jpg"}],
    "categories": [{"id": 1, "name": "car"}],
    "annotations": [
        {"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, 10.5, 20]},
        {"id": 6, "image_id": 1, "category_id": None, "bbox": [0, 0, 10, 20], "iscrowd": 1},
    ],
}


def test_a_good_file_passes():
    validate(GOOD)
    assert list(problems(GOOD)) == []


BROKEN = [
    ("images", 0, "width", 0, "image 1 has width 0"),
    ("images", 0, "height", 3.5, "image 1 has height 3.5"),
    ("images", 0, "file_name", "", "image 1 has no file_name"),
    ("images", 0, "id", "1", "image at position 0 has no integer id"),
    ("categories", 0, "name", None, "category 1 has no name"),
    ("annotations", 0, "image_id", 9, "annotation 5 names image 9"),
    ("annotations", 0, "image_id", [1], "annotation 5 names image [1]"),
    ("annotations", 0, "category_id", 7, "annotation 5 names category 7"),
    ("annotations", 0, "category_id", None, "annotation 5 names category None"),
    ("annotations", 0, "bbox", [0, 0, 10], "annotation 5 has bbox [0, 0, 10]"),
    ("annotations", 0, "bbox", [0, 0, float("nan"), 1], "annotation 5 has bbox"),
    ("annotations", 0, "bbox", [0, 0, 0, 1], "annotation 5 has a bbox without area"),
    ("annotations", 0, "iscrowd", 2, "annotation 5 has iscrowd 2"),
    ("annotations", 1, "id", 5, "annotation 5 occurs twice"),
]


@pytest.mark.parametrize(("kind", "position", "key", "value", "message"), BROKEN)
def test_a_broken_record_is_named(kind, position, key, value, message):
    coco = copy.deepcopy(GOOD)
    coco[kind][position][key] = value
    assert any(problem.startswith(message) for problem in problems(coco))
    with pytest.raises(BadAnnotations):
        validate(coco)


@pytest.mark.parametrize("outer", [[], "text", None, {"images": []}, {**GOOD, "annotations": {}}])
def test_a_broken_outer_structure_is_told_once(outer):
    assert len(list(problems(outer))) == 1


def test_records_that_are_no_objects_are_named_by_position():
    assert list(problems({**GOOD, "annotations": [None, 3]})) == [
        "annotation at position 0 is no object",
        "annotation at position 1 is no object",
    ]


def test_the_message_shows_a_few_records_and_says_that_there_are_more():
    many = [{"id": n, "image_id": 2, "category_id": 1, "bbox": [0, 0, 1, 1]} for n in range(50)]
    with pytest.raises(BadAnnotations) as caught:
        validate({**GOOD, "annotations": many})
    assert caught.value.detail.count("names image 2") == 5
    assert caught.value.detail.endswith("There are more.")
