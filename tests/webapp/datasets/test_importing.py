"""Imports: what is meant comes in, what is wrong is named by its record, and nothing is half-written."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from PIL import Image

from tests.factories import MembershipFactory
from webapp.core import storage
from webapp.datasets.services import dataset_create, version_create, version_freeze
from webapp.footage.models import Drive, Frame
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db
KITTI_LINE = "{name} 0.00 1 -1.5 {box} 1.5 1.6 3.9 1 1 20 -1.5"


@pytest.fixture
def kitti(tmp_path):
    """Two pictures with five objects."""
    for folder in ("image_2", "label_2"):
        (tmp_path / folder).mkdir()
    for index, lines in enumerate(
        [
            [
                ("Car", "10.5 20.0 110.25 80.0"),
                ("Cyclist", "200.0 50.0 240.0 120.0"),
                ("DontCare", "300.0 10.0 340.0 40.0"),
            ],
            [("Van", "5.0 5.0 60.0 60.0"), ("Pedestrian", "100.0 40.0 130.0 110.0")],
        ]
    ):
        Image.new("RGB", (640, 192), "grey").save(tmp_path / "image_2" / f"{index:06d}.png")
        text = "".join(KITTI_LINE.format(name=name, box=box) + "\n" for name, box in lines)
        (tmp_path / "label_2" / f"{index:06d}.txt").write_text(text)
    return tmp_path


@pytest.fixture(autouse=True)
def workspace(db):
    return MembershipFactory().workspace


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err)
    return json.loads(out.getvalue().splitlines()[-1]), err.getvalue()


def test_kitti_comes_in_by_alias_and_ignores_what_it_means_to_ignore(kitti):
    summary, _ = run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    assert summary["by_category"] == {"car": 2, "bicyclist": 1, "person": 1, "(ignore)": 1}
    car = Box.objects.get(category__name="car", frame__index=0)
    assert (car.x, car.y, car.width, car.height) == (10.5, 20.0, 99.75, 60.0)
    assert (car.source, car.state, car.occluded) == ("imported", "accepted", True)
    assert set(Frame.objects.values_list("state", flat=True)) == {Frame.State.AUDITED}


def test_what_the_user_ignores_becomes_a_region(kitti):
    summary, _ = run("import_dataset", "--format", "kitti", kitti, "--drive", "k", "--ignore", "Cyclist")
    assert summary["ignore_regions"] == 2
    assert Box.objects.filter(category=None, crowd=True).count() == 2


def test_unknown_categories_are_all_named_and_nothing_is_written(kitti):
    (kitti / "label_2" / "000000.txt").write_text(KITTI_LINE.format(name="Zeppelin", box="1 2 30 40") + "\n")
    with pytest.raises(CommandError, match=r"Zeppelin \(1 boxes\)"):
        run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    assert not Drive.objects.exists()


def test_a_broken_line_is_named_and_the_rest_comes_in(kitti):
    file = kitti / "label_2" / "000001.txt"
    file.write_text(file.read_text() + "Car 0 0\n")
    summary, errors = run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    assert summary["boxes"] == 4
    assert "label_2/000001.txt:3: 3 fields where KITTI has 15" in errors


def test_a_box_past_the_edge_is_clipped_and_one_outside_left_out_both_said(kitti):
    lines = [KITTI_LINE.format(name="Car", box=box) for box in ("600 10 700 60", "700 10 800 60")]
    (kitti / "label_2" / "000000.txt").write_text("\n".join(lines) + "\n")
    summary, errors = run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    assert (summary["clipped"], summary["problems"]) == (1, 2)
    assert "label_2/000000.txt:1" in errors
    assert "label_2/000000.txt:2" in errors


def test_a_dry_run_writes_nothing(kitti):
    summary, _ = run("import_dataset", "--format", "kitti", kitti, "--dry-run")
    assert summary["mapping"]["Van"] == "car"
    assert not Drive.objects.exists()


def test_an_import_never_mixes_into_a_drive(kitti):
    run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    with pytest.raises(CommandError, match="name_taken"):
        run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")


def test_an_export_of_coco_comes_back_the_same(kitti, tmp_path, workspace):
    run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti", "--ignore", "Cyclist")
    drive = Drive.objects.get()
    dataset = dataset_create(workspace=workspace, name="round trip", taxonomy=drive.taxonomy)
    user = workspace.members.get()
    version = version_create(
        dataset=dataset, drives=[(drive, "train")], include_unaudited=False, override_reason="test", created_by=user
    )
    version_freeze(version, lambda done, total: None)
    summary, _ = run("export_dataset", "round trip/1", "--format", "coco", "--out", tmp_path / "out")
    assert summary["images"] == 2
    again, _ = run("import_dataset", "--format", "coco", tmp_path / "out", "--drive", "again")
    assert again["problems"] == 0
    shapes = [
        sorted(
            Box.objects.filter(frame__drive__name=name, crowd=False).values_list(
                "category__name", "x", "y", "width", "height"
            )
        )
        for name in ("kitti", "again")
    ]
    assert shapes[0] == shapes[1]


@pytest.fixture
def coco(tmp_path):
    """A picture with one box, and a way to write the file once it is spoilt."""
    Image.new("RGB", (64, 48)).save(tmp_path / "a.jpg")
    found = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}],
        "annotations": [
            {"id": number, "image_id": 1, "category_id": 1, "bbox": [1, 2, number, 4], "area": 12, "iscrowd": 0}
            for number in (1, 2)
        ],
        "categories": [{"id": 1, "name": "car"}],
    }
    return found, lambda: (tmp_path / "labels.json").write_text(json.dumps(found))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda second: second.update(bbox=[1, 2, -3, 4]), "annotation 2 has a bbox without area"),
        (lambda second: second.update(bbox=[1, 2, 3, float("nan")]), "annotation 2 has bbox .*nan.*finite"),
        (lambda second: second.update(bbox=[1, 2, "x"]), r"annotation 2 has bbox \[1, 2, 'x'\]"),
        (lambda second: second.pop("bbox"), "annotation 2 has no bbox"),
        (lambda second: second.update(image_id=99), "annotation 2 names image 99"),
        (lambda second: second.update(category_id=7), "annotation 2 names category 7"),
        (lambda second: second.update(id=1), "annotation 1 occurs twice"),
        (lambda second: second.update(score=1.5), "annotation 2 has score 1.5"),
        (lambda second: second.update(category_id="car"), "annotation 2 has a value of the wrong kind"),
    ],
)
def test_a_broken_coco_record_is_named_and_the_rest_comes_in(tmp_path, coco, change, message):
    found, write = coco
    change(found["annotations"][1])
    write()
    summary, errors = run("import_dataset", "--format", "coco", tmp_path, "--drive", "one")
    assert (summary["boxes"], summary["problems"]) == (1, 1)
    assert re.search(message, errors)


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        (lambda text: text[: len(text) // 2], "annotations"),
        (lambda text: text[:-1], "ends early"),
        (lambda text: text.replace('"categories"', '"kinds"'), "categories are missing"),
        (lambda text: text + text, "follows after the end"),
        (lambda text: "", "no JSON"),
    ],
)
def test_a_file_that_is_cut_or_none_is_refused_whole(tmp_path, coco, spoilt, message):
    coco[1]()
    file = tmp_path / "labels.json"
    file.write_text(spoilt(file.read_text()))
    with pytest.raises(CommandError, match=message):
        run("import_dataset", "--format", "coco", tmp_path)
    assert not Drive.objects.exists()


def test_an_import_that_breaks_off_leaves_no_row(kitti, monkeypatch):
    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(storage, "put_bytes", full)
    with pytest.raises(OSError, match="No space"):
        run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    assert not Drive.objects.exists()
    assert not Frame.objects.exists()


def test_a_crowd_of_no_category_is_a_region_to_ignore(tmp_path):
    Image.new("RGB", (64, 48)).save(tmp_path / "a.jpg")
    image = {"id": 1, "file_name": "a.jpg", "width": 64, "height": 48}
    crowd = {"id": 1, "image_id": 1, "category_id": None, "bbox": [1, 2, 30, 40], "iscrowd": 1}
    coco = {"images": [image], "annotations": [crowd], "categories": [{"id": 1, "name": "car"}]}
    (tmp_path / "labels.json").write_text(json.dumps(coco))
    summary, _ = run("import_dataset", "--format", "coco", tmp_path, "--drive", "one")
    assert (summary["boxes"], summary["ignore_regions"]) == (0, 1)
    assert Box.objects.get().crowd


def test_a_picture_that_is_missing_broken_or_of_another_size_is_named(tmp_path):
    for name in ("good.jpg", "small.jpg"):
        Image.new("RGB", (64, 48)).save(tmp_path / name)
    (tmp_path / "broken.jpg").write_text("no picture")
    images = [
        {"id": number, "file_name": name, "width": width, "height": 48}
        for number, (name, width) in enumerate(
            [("good.jpg", 64), ("small.jpg", 640), ("broken.jpg", 64), ("gone.jpg", 64)]
        )
    ]
    coco = {"images": images, "annotations": [], "categories": [{"id": 1, "name": "car"}]}
    (tmp_path / "labels.json").write_text(json.dumps(coco))
    summary, errors = run("import_dataset", "--format", "coco", tmp_path, "--drive", "one")
    assert (summary["frames"], summary["problems"]) == (1, 3)
    assert "small.jpg: the label file says 640x48, the picture is 64x48" in errors
    assert "broken.jpg:" in errors
    assert "gone.jpg: no such picture" in errors


@pytest.mark.parametrize("box", ["nan 20 110 80", "110 20 10 80", "a b c d"])
def test_a_line_without_a_box_is_named(kitti, box):
    (kitti / "label_2" / "000000.txt").write_text(KITTI_LINE.format(name="Car", box=box) + "\n")
    summary, errors = run("import_dataset", "--format", "kitti", kitti, "--drive", "kitti")
    assert (summary["boxes"], summary["problems"]) == (2, 1)
    assert "label_2/000000.txt:1:" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "parquet"], "unknown_format.*coco.*kitti"),
        (["--format", "yolo"], "no data.yaml"),
        (["--format", "kitti", "--map", "Car"], "Name=category"),
        (["--format", "kitti", "--map", "Car=automobile"], "no category automobile"),
        (["--format", "kitti", "--taxonomy", "none"], "unknown_preset"),
        (["--format", "kitti", "--workspace", "elsewhere"], "no workspace 'elsewhere'"),
    ],
)
def test_what_was_asked_wrongly_is_a_sentence(kitti, arguments, message):
    with pytest.raises(CommandError, match=message):
        run("import_dataset", kitti, *arguments)
    assert not Drive.objects.exists()
