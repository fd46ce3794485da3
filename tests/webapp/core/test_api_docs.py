"""The examples of docs/api.md, run as they stand against a server with a socket; and that the guides show what is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from knox.models import AuthToken
from PIL import Image

from tests.factories import BoxFactory, ClipFactory, DriveFactory, FrameFactory, MembershipFactory, ModelVersionFactory
from webapp.footage.models import Clip, Frame
from webapp.jobs.models import Job
from webapp.labels.models import BoxEvent
from webapp.taxonomy.services import preset_install

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.fixture
def member(transactional_db):
    return MembershipFactory()


@pytest.fixture
def frame(member):
    """One that waits for its audit."""
    preset_install(member.workspace, "gdda13")
    model = ModelVersionFactory(workspace=member.workspace)
    drive = DriveFactory(workspace=member.workspace, label_model=model)
    frame = FrameFactory(clip=ClipFactory(drive=drive), state=Frame.State.PRELABELLED, version=2)
    BoxFactory(frame=frame, model_version=model)
    return frame


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
def test_the_examples_of_the_guide_run(member, frame, live_server, tmp_path):
    folder = tmp_path / "script"  # the test's own folder holds the store
    folder.mkdir()
    Image.new("RGB", (64, 48), "navy").save(folder / "still.jpg")
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / "api.md").read_text(), re.DOTALL)
    assert len(blocks) == 7
    token = AuthToken.objects.create(member.user)[1]
    setting = {"URL": live_server.url, "HEADWAY_TOKEN": token, "PATH": "/usr/bin:/bin"}
    said = subprocess.run(
        ["bash", "-euc", "\n".join(blocks)], env=setting, cwd=folder, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr + said.stdout
    assert said.stdout.rstrip().endswith("404")
    assert '"code":"not_found"' in said.stdout
    assert Clip.objects.get(drive__name="monday").filename == "still.jpg"
    assert Job.objects.filter(kind=Job.Kind.PRELABEL_FRAMES).count() == 1
    frame.refresh_from_db()
    assert frame.state == Frame.State.AUDITED
    assert BoxEvent.objects.filter(kind=BoxEvent.Kind.FINISHED).count() == 1, "the repeated decision is the same one"
    assert "day,series,part,unit,value" in said.stdout


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: str(page.relative_to(DOCS)))
def test_every_link_of_the_docs_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_picture_of_the_guide_is_shown_and_small():
    pictures = set((DOCS / "guide" / "pictures").glob("*.png"))
    shown = {
        (page.parent / name).resolve()
        for page in (DOCS / "guide").glob("*.md")
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text())
    }
    assert {picture.resolve() for picture in pictures} == shown
    assert all(picture.stat().st_size < 200_000 for picture in pictures)
