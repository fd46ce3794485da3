"""`HEADWAY_HOME=... python -m tests.e2e.rooms`: one drive with something to do in every room of the audit; prints its ids as JSON.

Two annotators have audited a frame and differ; a third frame is drawn at random, another waits with a candidate of a missed object.
"""

import json
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webapp.config.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from ml.export.frames import rendered  # noqa: E402
from ml.export.package import options_for, package  # noqa: E402
from ml.export.speed import speed_of  # noqa: E402
from ml.models.yolox.folder import Card  # noqa: E402
from ml.models.yolox.network import YOLOX  # noqa: E402
from ml.models.yolox.sizes import size_named  # noqa: E402
from ml.taxonomies import GDDA13  # noqa: E402
from tests.factories import (  # noqa: E402
    AlarmFactory,
    ClipFactory,
    CommandFactory,
    DeviceFactory,
    EdgeExportFactory,
    FrameFactory,
    MembershipFactory,
    ModelVersionFactory,
    SightingFactory,
    UplinkFactory,
)
from tests.webapp.blind.conftest import audit, proposal, send  # noqa: E402
from webapp.accounts.models import Membership, Workspace  # noqa: E402
from webapp.audit.sampling import sample_draw  # noqa: E402
from webapp.blind.models import AuditMix, BlindTrial  # noqa: E402
from webapp.blind.services import trial_open  # noqa: E402
from webapp.edge.services import export_settle  # noqa: E402
from webapp.footage.models import Drive, Frame  # noqa: E402
from webapp.labels.models import Box  # noqa: E402
from webapp.labels.prelabels import prelabels_write  # noqa: E402
from webapp.registry.services import model_version_for  # noqa: E402

FRAMES, AUDITED = 6, 2
NOTHING_MIXED_IN = {"seeded_share": 0, "gold_share": 0, "consensus_share": 0}


def build() -> dict[str, int | str]:
    workspace = Workspace.objects.order_by("id").get()
    # Mixed in by chance, a trial would hide an audited frame from the list of review.
    AuditMix.objects.update_or_create(workspace=workspace, defaults=NOTHING_MIXED_IN)
    owner = workspace.memberships.get(role=Membership.Role.OWNER).user
    ann, ben = (
        MembershipFactory(workspace=workspace, role=Membership.Role.ANNOTATOR, user__name=name).user
        for name in ("Ann", "Ben")
    )
    model = model_version_for(workspace, "bundled:gdino-nano")
    drive = Drive.objects.create(
        workspace=workspace, taxonomy=workspace.taxonomies.order_by("id").first(), name="rooms", label_model=model
    )
    clip = ClipFactory(drive=drive)
    frames = [FrameFactory(clip=clip, index=index, with_picture=True) for index in range(FRAMES)]
    prelabels_write([proposal(frame) for frame in frames], model=model, only_new=False)
    missed = Box.objects.filter(frame__in=frames[4:], index=4)
    missed.update(state=Box.State.MISSED_CANDIDATE)
    for frame in frames[:AUDITED]:
        audit(frame, ann)
    trial = trial_open(frame_id=frames[0].id, user=ben, kind=BlindTrial.Kind.CONSENSUS)
    assert trial
    first = Box.rows.filter(trial=trial).order_by("id").first()
    assert first
    send(frames[0], ben, {"kind": "reject", "box": first.client_id}, {"kind": "finish", "accept_rest": True})
    sample_draw(drive=drive, created_by=owner, seed=1)
    return {
        "device": device_on_the_road(workspace, frames),
        "drive": drive.id,
        "edge_model": packed_for_a_device(workspace),
        "reviewable": AUDITED,
        "audited": frames[1].id,
        "audited_name": frames[1].name.removesuffix(".jpg"),
        "waiting": frames[3].id,
        "missed": missed.count(),
    }


def device_on_the_road(workspace: Workspace, frames: list[Frame]) -> int:
    """A device that warned of a lane departure, sent key frames, kept others and was told something; its id."""
    device = DeviceFactory(workspace=workspace, name="rooms", last_seen_at=timezone.now(), lat=31.2, lon=121.5)
    at = timezone.now() - timedelta(minutes=1)
    alarm = AlarmFactory(
        device=device, key=f"{workspace.id}/rooms:1:1", kind="ldw", side="left", level=2, gap_m=0.2, seconds=0.6, at=at
    )
    sent = [("evidence", alarm.key), ("evidence", alarm.key), ("key", ""), ("key", "")]
    for second, ((trigger, key), frame) in enumerate(zip(sent, frames, strict=False)):
        UplinkFactory(
            device=device, trigger=trigger, alarm_key=key, frame=frame, state="labelled", received_at=at,
            at=at + timedelta(seconds=second),
        )  # fmt: skip
    SightingFactory(device=device, at=at, filled_at=at, counts={"both": 3, "risk": 0.2, "doubtful": 2, "asked": 1})
    CommandFactory(device=device)
    return int(device.id)


def packed_for_a_device(workspace: Workspace) -> int:
    """A fresh network whose zip a browser can run, and an export of it that came to nothing; its id."""
    card = Card("nano+stem", GDDA13, 128, 64)
    model = ModelVersionFactory(workspace=workspace, name="rooms-nano", family="yolox")
    frames, judging = rendered(4).halves()
    options = options_for(card, model.name, 0, 0, calibration=2)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "edge.zip"
        network = YOLOX(size_named(card.size), len(GDDA13)).eval()
        report = package(network, card, frames, judging, options, archive, sha256="0" * 64)
        made = EdgeExportFactory(workspace=workspace, model_version=model)
        export_settle(made, archive, report=report, speed=speed_of(archive))
    EdgeExportFactory(workspace=workspace, model_version=model)
    return int(model.id)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(build()))
