"""What the device says to the fleet, as JSON: a moment for a timeline, an alarm, a frame that goes up."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ml.edge.alarms import Alarm
from ml.edge.road import Ranged
from ml.edge.runtime import Moment
from ml.edge.uplink import Uplink


def moment_json(moment: Moment, uplink: Uplink | None = None) -> dict[str, Any]:
    """What the driver would have seen, for a playable timeline."""
    cipo = moment.cipo[0] if moment.cipo else None
    return {
        "time_ms": round(moment.time_ms, 1),
        "boxes": [box_json(one) for one in moment.objects],
        "cipo": cipo.track.number if cipo else None,
        "cipo_by": moment.cipo_by,
        "alarms": [alarm_json(alarm) for alarm in moment.alarms],
        "scene": moment.scene.labels,
        "degraded": moment.scene.degraded,
        "speed_kmh": _number(moment.signal.speed_mps * 3.6 if moment.signal.speed_mps is not None else None),
        "doubt": moment.doubt.value,
        "radar": moment.radar,
        "uplink": {"trigger": uplink.trigger, "priority": uplink.priority, "sentences": list(uplink.sentences)}
        if uplink
        else None,
        "model_ms": round(moment.model_ms, 2),
        "beside_model_ms": round(moment.beside_model_ms, 3),
    }


def box_json(one: Ranged) -> dict[str, Any]:
    return {
        "track": one.track.number,
        "category": one.track.category,
        "score": round(one.track.detection.score, 4),
        "box": [round(value, 1) for value in one.track.box_xywh],
        "gap_m": _number(one.gap_m),
        "ttc_s": _number(one.ttc_s),
        "headway_s": _number(one.headway_s),
        "by_radar": one.by_radar,
    }


def alarm_json(alarm: Alarm) -> dict[str, Any]:
    return {
        "kind": alarm.kind,
        **({"side": alarm.side} if alarm.side else {}),
        "level": alarm.level,
        "time_ms": round(alarm.time_ms, 1),
        "track": alarm.track,
        "gap_m": _number(alarm.gap_m),
        "seconds": _number(alarm.seconds),
        "speed_kmh": _number(alarm.speed_kmh),
    }


def uplink_json(moment: Moment, uplink: Uplink) -> dict[str, Any]:
    """What travels beside a frame: why it came, and what the device saw in it."""
    return {
        "trigger": uplink.trigger,
        "doubt": uplink.doubt,
        "sentences": list(uplink.sentences),
        "campaign": uplink.campaign,
        "scene": moment.scene.labels,
        "boxes": [
            {"category": d.category, "score": round(d.score, 4), "box": [round(v, 1) for v in d.box_xywh]}
            for d in moment.detections
        ],
        "speed_kmh": _number(moment.signal.speed_mps * 3.6 if moment.signal.speed_mps is not None else None),
        "place": [moment.signal.lat, moment.signal.lon] if moment.signal.lat is not None else None,
    }


def _number(value: float | None) -> float | None:
    """JSON knows no infinity: what never happens has no number."""
    return round(value, 3) if value is not None and isfinite(value) else None


def seen_json(moment: Moment, at_ms: float) -> dict[str, Any]:
    """A frame that may stay on the device, as numbers alone: some 40 bytes a box."""
    return {
        "at_ms": round(at_ms, 1),
        "speed_kmh": _number(moment.signal.speed_mps * 3.6 if moment.signal.speed_mps is not None else None),
        **({"scene": sorted(moment.scene.labels)} if moment.scene.labels else {}),
        "boxes": [[d.category, round(d.score, 3), *(round(v, 1) for v in d.box_xywh)] for d in moment.detections],
    }
