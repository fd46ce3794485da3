"""`manage.py measure_light [--drive NAME]`: day or night of frames that came before every picture was looked at for it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.core.management.base import CommandParser
from PIL import Image

from ml.edge.scene_state import time_of_day
from webapp.core import storage
from webapp.footage.models import Frame
from workers.cli import ProductCommand, drive_named, workspace_named

CHUNK = 500


class Command(ProductCommand):
    help = "Tell day from night by the thumbnails of frames that nothing is known of. May be stopped and run again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--drive", metavar="NAME", help="all drives, unless named")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = workspace_named(options["workspace"])
        unknown = Frame.objects.filter(workspace=workspace, scene__time_of_day__isnull=True).order_by("id")
        if options["drive"]:
            unknown = unknown.filter(drive=drive_named(workspace, options["drive"]))
        counts, last = {"day": 0, "night": 0, "lost": 0}, 0
        while chunk := list(unknown.filter(id__gt=last)[:CHUNK]):
            last = chunk[-1].id
            self._measure(chunk, counts)
        self.summarise(counts)

    def _measure(self, frames: Sequence[Frame], counts: dict[str, int]) -> None:
        measured = []
        for frame in frames:
            light = _light_of(frame)
            counts[light or "lost"] += 1
            if light:
                frame.scene = {**frame.scene, "time_of_day": light}
                measured.append(frame)
        Frame.objects.bulk_update(measured, ["scene"])


def _light_of(frame: Frame) -> str | None:
    """None where the store has lost the picture."""
    try:
        with storage.open_key(frame.thumbnail_key) as file, Image.open(file) as picture:
            return time_of_day(np.asarray(picture.convert("RGB")))
    except FileNotFoundError:
        return None
