"""What other tools want of our files; `bench/outside_checks.py` has datumaro read them all, which found each of these."""

import configparser

from pycocotools.coco import COCO

from webapp.datasets.formats import formats
from webapp.datasets.formats.labelled import LabelledBox, LabelledImage

NAMES = ("car", "traffic light")
IMAGES = [
    LabelledImage(
        None,
        f"drive/frame_{number}.jpg",
        (LabelledBox((1.5, 2.25, 30.0, 40.0), NAMES[number % 2], score=0.5 if number else None, track=number),),
        (64, 48),
        number * 250.0,
    )
    for number in range(3)
]


def written(name, folder):
    formats()[name].write(iter(IMAGES), NAMES, folder)
    return folder


def test_pycocotools_reads_what_was_written_and_a_box_without_a_score_has_none(tmp_path, capsys):
    coco = COCO(str(written("coco", tmp_path) / "annotations.json"))
    found = sorted((coco.imgs[one["image_id"]]["file_name"], *one["bbox"]) for one in coco.anns.values())
    assert found == [(image.name, 1.5, 2.25, 30.0, 40.0) for image in IMAGES]
    assert [one.get("score", "none") for one in coco.anns.values()] == ["none", 0.5, 0.5]  # null is refused elsewhere


def test_voc_lists_its_pictures_and_its_categories(tmp_path):
    folder = written("voc", tmp_path)
    [listed] = (folder / "ImageSets" / "Main").iterdir()
    stems = {path.stem for path in (folder / "Annotations").iterdir()}
    assert set(listed.read_text().split()) == stems
    assert (folder / "labelmap.txt").read_text().splitlines()[1:] == ["car:::", "traffic light:::"]


def test_mot_says_all_that_its_seqinfo_has_to(tmp_path):
    parser = configparser.ConfigParser()
    parser.read(written("mot", tmp_path) / "seqinfo.ini")
    facts = dict(parser["Sequence"])
    assert facts.keys() == {"name", "imdir", "framerate", "seqlength", "imwidth", "imheight", "imext"}
    assert (facts["framerate"], facts["seqlength"]) == ("4", "3")
