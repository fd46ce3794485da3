"""`python -m ml.edge.agent SOURCE --model yolox-onnx:FILE`: a video, a folder or a camera as one device of the fleet.

Prints a line for each alarm and one JSON object last. Without --server nothing leaves the machine; what was to go up stays in --home.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml.edge.alarms import Alarm
from ml.edge.device import Device
from ml.edge.lane_feed import LaneFeed, read_lanes
from ml.edge.link import FleetLink
from ml.edge.messages import moment_json
from ml.edge.radar import read_radar
from ml.edge.runtime import Moment
from ml.edge.signals import VehicleSignals, read_signals
from ml.edge.sources import EdgeFrame, frames_of
from ml.errors import MlError


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    options.source = options.source or options.named_source or parser.error("a source is wanted")
    try:
        summary = _drive(options)
    except (MlError, ValueError) as error:
        print(getattr(error, "detail", str(error)), file=sys.stderr)
        return 2
    print(json.dumps(summary))
    return 0


def _drive(options: argparse.Namespace) -> dict[str, Any]:
    token = options.token or os.environ.get("HEADWAY_DEVICE_TOKEN", "")
    link = FleetLink(options.server, token, insecure=options.insecure) if options.server else None
    device = Device(
        options.device,
        options.home,
        options.model,
        link=link,
        radar=read_radar(options.radar) if options.radar else None,
        spool_bytes=options.spool_mb * 1_000_000,
        live=options.realtime or not Path(options.source).exists() or options.source.startswith("/dev/"),
        shadow=options.shadow,
        shadow_every=options.shadow_every,
        warn=_say,
    )
    constant = options.speed / 3.6 if options.speed is not None else None
    signals = read_signals(options.signals) if options.signals else VehicleSignals(constant_mps=constant)
    lanes = read_lanes(options.lanes) if options.lanes else None
    device.connect()
    moments = []
    started = time.time() * 1000
    try:
        for frame in frames_of(options.source, fps=options.fps):
            if options.realtime:
                time.sleep(max(0.0, (started + frame.time_ms) / 1000 - time.time()))
            moments.append(_see(device, frame, started, signals, lanes, options.timeline))
    except KeyboardInterrupt:
        pass
    finally:
        device.close(drain_s=options.drain)
    return _summary(device, moments)


def _see(
    device: Device,
    frame: EdgeFrame,
    started: float,
    signals: VehicleSignals,
    lanes: LaneFeed | None,
    timeline: Path | None,
) -> tuple[float, float]:
    """(the model's ms, everything else's ms) of one frame; a line on the timeline, if one is kept."""
    own_lane = lanes.at(frame.time_ms) if lanes else None
    moment = device.see(frame.image, frame.time_ms, started + frame.time_ms, signals.at(frame.time_ms), own_lane)
    if timeline:
        _write(timeline, moment)
    return moment.model_ms, moment.beside_model_ms


def _write(timeline: Path, moment: Moment) -> None:
    with timeline.open("a", encoding="utf-8") as file:
        file.write(json.dumps(moment_json(moment)) + "\n")


def _say(alarm: Alarm) -> None:
    what = f"{alarm.kind.upper()} {alarm.side}".strip()
    print(
        f"{alarm.time_ms / 1000:8.2f} s  {what} level {alarm.level}: {alarm.gap_m:.1f} m, {alarm.seconds:.1f} s",
        flush=True,
    )


def _summary(device: Device, moments: list[tuple[float, float]]) -> dict[str, Any]:
    model, beside = np.array(moments or [(0.0, 0.0)]).T
    return {
        "frames": len(moments),
        "alarms": device.counts["alarms"],
        "sent_to_disk": dict(device.outbox.sent),
        "waiting": device.spool.waiting(),
        "model_ms_p50": round(float(np.percentile(model, 50)), 2),
        "beside_model_ms_p95": round(float(np.percentile(beside, 95)), 3),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.edge.agent", description=__doc__)
    parser.add_argument("source", nargs="?", help="a video file, a folder of stills, /dev/video0 or an RTSP address")
    parser.add_argument("--source", dest="named_source", help="the same, named")
    parser.add_argument("--model", required=True, help="yolox-onnx:<file> or a device package (.zip)")
    parser.add_argument("--shadow", help="a second model that only casts doubt: frames where the two disagree go up")
    parser.add_argument("--shadow-every", type=int, default=10, metavar="N", help="it looks at every N-th frame")
    parser.add_argument("--server", help="the fleet's address, https://...")
    parser.add_argument(
        "--token", help="the device's token; better in HEADWAY_DEVICE_TOKEN, where no process list shows it"
    )
    parser.add_argument("--device", default="device", help="this device's name in the fleet")
    parser.add_argument(
        "--home", type=Path, default=Path("var/device"), help="where the device keeps what it has to say"
    )
    parser.add_argument(
        "--speed", type=float, metavar="KMH", help="own speed, where no signals say it; without either nothing sounds"
    )
    parser.add_argument(
        "--signals", type=Path, help="CSV or JSON lines: time_ms, speed_mps, wipers, indicator, lat, lon"
    )
    parser.add_argument("--radar", type=Path, help="CSV or JSON lines: time_ms, range_m, angle_deg, speed_mps")
    parser.add_argument("--lanes", type=Path, help="JSON lines: time_ms, lanes [left, right] as points [x, y] px")
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--realtime", action="store_true", help="no faster than the source was recorded")
    parser.add_argument("--timeline", type=Path, help="append every frame's findings as JSON lines")
    parser.add_argument(
        "--drain", type=float, default=10.0, metavar="S", help="wait so long at the end for the network"
    )
    parser.add_argument("--spool-mb", type=int, default=2000)
    parser.add_argument("--insecure", action="store_true", help="allow plain http to another machine")
    return parser


if __name__ == "__main__":
    sys.exit(main())
