"""Pictures that come with labels are blurred like all others, and nothing of the file is shown before."""

import io

import numpy as np
import pytest
from PIL import Image

from ml.schemas import Detection
from tests.factories import ModelVersionFactory
from tests.webapp.exchange.conftest import look, zipped
from webapp.accounts.models import WorkspaceLimits
from webapp.core import storage
from workers import model_cache

pytestmark = pytest.mark.django_db


class FindsAPerson:
    name, sha256 = "finds-a-person", "c" * 64

    def predict(self, frames, categories, **thresholds):
        return [[Detection((8.0, 0.0, 24.0, 96.0), "person", 0.5, {"person": 0.5})] for _ in frames]


def striped(width, height):
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, ::4] = 255
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_heads_are_blurred_and_the_survey_shows_no_picture(client, upload, coco, drive, monkeypatch, settings):
    monkeypatch.setattr(model_cache, "build_detector", lambda ref: FindsAPerson())
    monkeypatch.setattr(model_cache, "_loaded", {})
    monkeypatch.setattr("tests.webapp.exchange.conftest.png", striped)
    ModelVersionFactory(workspace=drive.workspace)
    WorkspaceLimits.objects.create(workspace=drive.workspace, blur_at_ingest="boxes")
    sent = zipped(coco)
    one = upload(sent)
    assert one["survey"]["preview"] == []
    body = {"mapping": {"CAR": "car", "zeppelin": None}}
    assert client.post(f"/api/v1/label-imports/{one['id']}/run/", body, format="json").status_code == 202
    assert look(client, one["id"])["state"] == "imported"
    for frame in drive.frames.all():
        with storage.open_key(frame.image_key) as file:
            pixels = np.asarray(Image.open(file).convert("L"), dtype=float)
        assert np.abs(np.diff(pixels[4:24, 10:30], axis=1)).mean() < 25
        assert np.abs(np.diff(pixels[40:, 10:30], axis=1)).mean() > 60, "the rest stays"
    stored = [path.read_bytes() for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert not {sent, striped(64, 48)} & set(stored)
