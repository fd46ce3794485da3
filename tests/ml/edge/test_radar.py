import json

import pytest

from ml.edge.radar import RadarFeed, RadarTarget, Sighting, associate, read_radar


def test_a_sweep_is_moved_to_the_pictures_time():
    [target] = RadarFeed([RadarTarget(1000, 30, 0, -10)]).at(1100)
    assert target.range_m == pytest.approx(29)


@pytest.mark.parametrize("time_ms", [999, 1151])
def test_missing_or_late_is_not_an_empty_road(time_ms):
    assert RadarFeed([RadarTarget(1000, 30, 0, -10)]).at(time_ms) is None


def test_targets_may_come_out_of_order():
    feed = RadarFeed()
    for time_ms in (100, 300, 200):
        feed.add(RadarTarget(time_ms, time_ms / 10, 0, 0))
    assert [target.range_m for target in feed.at(210)] == [20]
    assert [target.range_m for target in feed.at(310)] == [30]


def test_each_target_goes_to_one_box_inside_the_gates():
    cars = [Sighting(0, 30, 3), Sighting(1.5, 31, 3), Sighting(20, 30, 3)]
    targets = [RadarTarget(0, 29, 0.1, -1), RadarTarget(0, 60, 20, -1)]
    assert associate(cars, targets) == {0: targets[0]}


def test_csv_and_json_lines_say_the_same(tmp_path):
    rows = [{"time_ms": 0, "range_m": 20.5, "angle_deg": -1, "speed_mps": -3}]
    (tmp_path / "r.csv").write_text("time_ms,range_m,angle_deg,speed_mps\n0,20.5,-1,-3\n")
    (tmp_path / "r.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    assert (
        read_radar(tmp_path / "r.csv").at(0) == read_radar(tmp_path / "r.jsonl").at(0) == [RadarTarget(0, 20.5, -1, -3)]
    )


def test_a_broken_line_is_named(tmp_path):
    (tmp_path / "r.csv").write_text("time_ms,range_m,angle_deg,speed_mps\n0,20,0,0\n1,x,0,0\n")
    with pytest.raises(ValueError, match="line 3"):
        read_radar(tmp_path / "r.csv")
