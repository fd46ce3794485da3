"""Work for `load.py` and `chaos.py`, in the home that HEADWAY_HOME names: people with sessions, frames with labels, a small video to upload.

`python -m bench.load_footage --people 100 --frames 3000` prints one JSON line: the sessions, the drives, and where the video lies.
"""

import argparse
import json
import random
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

BOXES_A_FRAME = 12
DRIVE = "load"


def made(people: int, frames: int, home: Path) -> dict[str, Any]:
    """Fill an empty home. The frames show the few pictures of a rendered video: what is measured is the desk, not the disk."""
    video = home / "load.mp4"
    size = ["--width", "960", "--height", "540", "--fps", "10", "--seconds", "1", "--bit-rate", "6000000"]
    _run([sys.executable, "-m", "ml.synth", "--seed", "7", "--out", str(home / "rendered"), *size])
    (home / "rendered" / "drive.mp4").replace(video)
    _run([sys.executable, "manage.py", "bootstrap"])
    _run([sys.executable, "manage.py", "ingest", str(video), "--drive", "pictures", "--every", "1"])
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        drive = _frames(frames)
        sessions = [_session(number, drive.workspace) for number in range(people)]
        pictures = drive.workspace.drives.get(name="pictures").id
    return {"drive": drive.id, "pictures": pictures, "sessions": sessions, "video": str(video)}


def _frames(count: int) -> Any:
    from webapp.footage.models import Drive, Frame
    from webapp.labels.models import Box
    from webapp.registry.services import model_version_for

    shown = list(Frame.objects.filter(drive__name="pictures").select_related("clip").order_by("id"))
    pictures = shown[0].drive
    model = model_version_for(pictures.workspace, "bundled:gdino-nano")
    drive = Drive.objects.create(
        workspace=pictures.workspace, taxonomy=pictures.taxonomy, name=DRIVE, state=Drive.State.READY, label_model=model
    )
    clip = shown[0].clip
    clip.id, clip.drive, clip._state.adding = None, drive, True
    clip.sha256, clip.upload = "f" * 64, None
    clip.save()
    rng = random.Random(0)
    copies = []
    for index in range(count):
        frame = Frame.objects.none().model(**_values(shown[index % len(shown)]))
        frame.drive, frame.clip, frame.index, frame.time_ms = drive, clip, index, index * 100.0
        frame.name = f"{index:06d}.jpg"
        frame.state, frame.risk, frame.version = Frame.State.PRELABELLED, rng.random(), 2
        copies.append(frame)
    saved = Frame.objects.bulk_create(copies, batch_size=500)
    categories = list(drive.taxonomy.categories.all())
    boxes = [_box(frame, number, categories, model, rng) for frame in saved for number in range(BOXES_A_FRAME)]
    Box.objects.bulk_create(boxes, batch_size=500)
    return drive


def _values(frame: Any) -> dict[str, Any]:
    left = ("id", "drive", "clip", "index", "time_ms", "created_at", "updated_at", "state", "risk", "version")
    return {f.name: getattr(frame, f.name) for f in frame._meta.concrete_fields if f.name not in left}


def _box(frame: Any, index: int, categories: list[Any], model: Any, rng: random.Random) -> Any:
    from webapp.labels.models import Box

    width, height = rng.uniform(12, 220), rng.uniform(12, 160)
    return Box(
        frame=frame,
        category=rng.choice(categories),
        x=rng.uniform(0, frame.width - width),
        y=rng.uniform(0, frame.height - height),
        width=width,
        height=height,
        frame_width=frame.width,
        frame_height=frame.height,
        source=Box.Source.PSEUDO,
        model_version=model,
        index=index,
        score=rng.random(),
        risk=rng.random(),
        severity=rng.uniform(1, 2.75),
        signals=[{"name": "margin", "value": 0.4, "sentence": "class unsure: truck .41, bus .38"}],
    )


def _session(number: int, workspace: Any) -> str:
    """Of a person who logged in, as the page has it; logging a hundred in would measure the hashing of passwords."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from webapp.accounts.models import Membership, User

    user = User.objects.create(email=f"annotator-{number}@example.org", name=f"Annotator {number}")
    role = Membership.Role.LEAD if number == 0 else Membership.Role.ANNOTATOR  # who uploads and starts jobs
    Membership.objects.create(user=user, workspace=workspace, role=role)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--frames", type=int, default=3000)
    options = parser.parse_args()
    print(json.dumps(made(options.people, options.frames, Path(os.environ["HEADWAY_HOME"]))))
