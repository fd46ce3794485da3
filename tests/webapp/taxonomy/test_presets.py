"""Presets: what people label with, told apart by eye and by key."""

from itertools import combinations

import numpy as np
import pytest

from ml.taxonomies import PRESETS
from tests.factories import WorkspaceFactory
from webapp.core.errors import DomainError
from webapp.taxonomy.models import Category, Taxonomy
from webapp.taxonomy.services import COLOURS, HOTKEYS, preset_install

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1.0, 1.08883])


@pytest.mark.django_db
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_installed_once(name):
    workspace = WorkspaceFactory()
    first = preset_install(workspace, name)
    assert preset_install(workspace, name) == first
    assert Taxonomy.objects.count() == 1
    assert first.values() == list(PRESETS[name])


@pytest.mark.django_db
def test_every_category_has_a_colour_and_a_key_of_its_own():
    rows = Category.objects.filter(taxonomy=preset_install(WorkspaceFactory(), "gdda13"))
    assert len({row.colour for row in rows}) == len({row.hotkey for row in rows}) == len(rows) == 13
    assert [row.hotkey for row in rows[:10]] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"]


@pytest.mark.django_db
def test_an_unknown_preset_names_the_known_ones():
    with pytest.raises(DomainError, match="gdda13") as error:
        preset_install(WorkspaceFactory(), "none")
    assert error.value.code == "unknown_preset"


@pytest.mark.django_db
def test_the_page_gets_the_categories_in_order(client, workspace):
    preset_install(workspace, "gdda13")
    [row] = client.get("/api/v1/taxonomies/").json()["results"]
    assert [category["name"] for category in row["categories"]] == [category.name for category in PRESETS["gdda13"]]
    assert [category["index"] for category in row["categories"]] == list(range(len(row["categories"])))


def test_no_key_is_given_twice():
    assert len(set(HOTKEYS)) == len(HOTKEYS)


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_are_told_apart_by_every_eye(sight):
    seen = [lab(np.asarray(SIGHTS[sight]) @ linear(colour)) for colour in COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 19


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*a*b* of linear sRGB."""
    t = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])
