"""COCO annotations on disk: by picture in whatever order they came, twice-given ids and strange pictures named, whether or not numbers fit 32 bits."""

import numpy as np
import pytest

from webapp.datasets.formats.coco_document import Pictures
from webapp.datasets.formats.spool import NONE, ROW, Spool


def spooled(*pieces):
    """Pieces of (annotation id, picture id)."""
    spool = Spool()
    for piece in pieces:
        rows = np.zeros(len(piece), ROW)
        rows["id"], rows["image"] = zip(*piece, strict=True)
        spool.add(rows)
    return spool


@pytest.mark.parametrize("far", [0, 2**40])
def test_rows_come_by_picture_in_the_order_of_the_file(far):
    spool = spooled([(1, 2 + far), (2, 1)], [(3, 2 + far), (4, 7)])
    assert [rows["id"].tolist() for rows in spool.by_image([1, 2 + far, 3, 2**33])] == [[2], [1, 3], [], []]


def test_rows_in_order_need_no_sorting_and_come_the_same():
    spool = spooled([(1, 1), (2, 1)], [(3, 5)])
    assert [rows["id"].tolist() for rows in spool.by_image([5, 1])] == [[3], [1, 2]]


@pytest.mark.parametrize(
    ("ids", "again"),
    [([1, 2, 3], set()), ([1, 3, 2], set()), ([3, 1, 3], {3}), ([1, 1, 2], {1}), ([NONE, NONE, 1], set())],
)
def test_ids_that_occur_twice_are_found_within_a_piece_and_across(ids, again):
    assert spooled([(id, 1) for id in ids]).repeated_ids() == again
    assert spooled(*([(id, 1)] for id in ids)).repeated_ids() == again


def test_rows_of_pictures_that_the_file_does_not_hold_are_named():
    spool = spooled([(1, 4), (2, 9)], [(3, 4)], [(4, 2**40)])
    assert list(spool.unknown_images([4, 3])) == [(2, 9), (4, 2**40)]
    assert len(list(spool.unknown_images([]))) == 4


def test_pictures_are_what_was_put_in():
    pictures = Pictures()
    pictures[7], pictures[3] = ("夜/a.jpg", 1920, 2**40, 0.5), ("b", 1, 1, 0.0)
    assert list(pictures.items()) == [(7, ("夜/a.jpg", 1920, 2**40, 0.5)), (3, ("b", 1, 1, 0.0))]
    assert (list(pictures), 7 in pictures, 8 in pictures) == ([7, 3], True, False)
