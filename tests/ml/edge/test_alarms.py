from math import inf

import pytest

from ml.edge.alarms import AlarmLogic, Hazard, Thresholds


def lead(ttc=inf, *, headway=inf, track=1, vulnerable=False, gap=30.0, by_radar=True):
    return Hazard(track, vulnerable, gap, ttc, headway, by_radar)


def alarms_of(logic, hazards, *, kmh=60.0, start=0.0, step=50.0):
    """One list of hazards a frame -> every alarm."""
    found = []
    for index, seen in enumerate(hazards):
        found += logic.step(start + index * step, kmh / 3.6, seen)
    return found


def test_the_defaults_are_the_fleet_standards():
    standard = Thresholds()
    assert (round(standard.fcw_s * 10), round(standard.pcw_s * 10), round(standard.headway_s * 10)) == (27, 30, 10)
    assert (standard.enable_kmh, standard.pcw_below_kmh, standard.level_two_kmh) == (30, 50, 50)


@pytest.mark.parametrize(("ttc", "count"), [(2.71, 0), (2.70, 1)])
def test_forward_collision_sounds_at_2_7_s(ttc, count):
    assert len(alarms_of(AlarmLogic(), [[lead(ttc)]] * 10)) == count


def test_two_frames_of_five_are_no_alarm():
    near, far = [lead(2.0)], [lead(9.0)]
    assert alarms_of(AlarmLogic(), [near, far, far, far, near, far, far, far]) == []


def test_one_event_is_one_alarm_however_the_time_trembles_about_the_threshold():
    trembling = [[lead(2.6 + 0.3 * (index % 2))] for index in range(200)]
    assert len(alarms_of(AlarmLogic(), trembling)) == 1


def test_the_same_object_may_sound_again_only_after_a_release_and_five_seconds():
    near, far = [[lead(2.0)]], [[lead(9.0)]]
    assert len(alarms_of(AlarmLogic(), near * 10 + far * 10 + near * 10)) == 1
    assert len(alarms_of(AlarmLogic(), near * 10 + far * 100 + near * 10)) == 2


def test_a_new_track_number_for_the_same_object_is_the_same_event():
    swapped = [[lead(2.0, track=1 + index // 10, gap=30 - index * 0.1)] for index in range(40)]
    assert len(alarms_of(AlarmLogic(), swapped)) == 1


def test_two_pedestrians_are_two_events():
    two = [[lead(2.0, track=1, vulnerable=True, gap=10), lead(2.5, track=2, vulnerable=True, gap=40)]] * 5
    assert [alarm.kind for alarm in alarms_of(AlarmLogic(), two, kmh=40)] == ["pcw", "pcw"]


@pytest.mark.parametrize(("kmh", "kinds"), [(29, []), (31, ["fcw"]), (51, ["fcw"])])
def test_forward_collision_needs_30_km_h(kmh, kinds):
    assert [alarm.kind for alarm in alarms_of(AlarmLogic(), [[lead(2.0)]] * 5, kmh=kmh)] == kinds


@pytest.mark.parametrize(("kmh", "count"), [(49, 1), (51, 0), (0, 0)])
def test_the_pedestrian_alarm_is_for_towns(kmh, count):
    assert len(alarms_of(AlarmLogic(), [[lead(2.9, vulnerable=True)]] * 5, kmh=kmh)) == count


@pytest.mark.parametrize(("kmh", "level"), [(50, 1), (51, 2)])
def test_above_50_km_h_the_level_is_two(kmh, level):
    assert alarms_of(AlarmLogic(), [[lead(2.0)]] * 5, kmh=kmh)[0].level == level


def test_headway_of_the_closest_vehicle_alone():
    seen = [[lead(headway=1.0, track=1), lead(headway=0.5, track=2)]] * 10
    assert [(alarm.kind, alarm.track) for alarm in alarms_of(AlarmLogic(), seen)] == [("headway", 1)]


def test_a_camera_without_radar_warns_a_quarter_second_earlier():
    assert len(alarms_of(AlarmLogic(), [[lead(2.9, by_radar=False)]] * 5)) == 1
    assert len(alarms_of(AlarmLogic(), [[lead(2.9, by_radar=True)]] * 5)) == 0


def test_without_a_speed_nothing_sounds():
    logic = AlarmLogic()
    assert [logic.step(index * 50.0, None, [lead(0.5)]) for index in range(10)] == [[]] * 10


@pytest.mark.parametrize(
    "asked", [{"fcw_s": 0.9}, {"fcw_s": 5.1}, {"fcw_s": "3"}, {"fcw_s": True}, {"no": 1}, {"enable_kmh": 61}]
)
def test_nobody_sets_a_threshold_outside_the_standards_range(asked):
    with pytest.raises(ValueError):
        Thresholds().changed(asked)
