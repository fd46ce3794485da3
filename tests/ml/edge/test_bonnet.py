"""The own bonnet is nothing on the road; a lorry that fills the picture is."""

import pytest

from ml.edge.distance import MountedCamera
from ml.edge.road import RoadWatch
from ml.edge.signals import Signal
from ml.schemas import Detection


@pytest.mark.parametrize(
    ("box", "alarms"),
    [
        ((9.1, 440.6, 1216.1, 279.4), []),  # as YOLOX-Nano saw it on highway_challenge.mp4
        ((9.1, 40.6, 1216.1, 679.4), ["headway"]),
    ],
)
def test_only_what_stands_above_the_horizon_is_a_vehicle(box, alarms):
    watch = RoadWatch(MountedCamera.usual(1280, 720))
    roads = [watch.step([Detection(box, "car", 0.85)], ms, Signal(ms, 20.0)) for ms in range(0, 1000, 100)]
    assert [alarm.kind for road in roads for alarm in road.alarms] == alarms
