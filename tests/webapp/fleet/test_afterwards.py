"""What follows from frames that stayed: the platform's alarm, and pictures asked for where labels are doubtful."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ml.edge import alarms
from ml.edge.afterwards import Judged
from tests.factories import AlarmFactory, SightingFactory
from webapp.fleet.afterwards import MOST_AN_HOUR, follow
from webapp.fleet.commands import command_issue
from webapp.fleet.models import Alarm, Command
from webapp.fleet.sightings import sighting_filled

pytestmark = pytest.mark.django_db
CALM = Judged((), None, 0.1, 0.2, ())


def judged(doubt=0.0, *kinds):
    return Judged((), None, 0.3, doubt, tuple(alarms.Alarm(kind, 2, 0.0, 1, 12.0, 0.6, 72.0) for kind in kinds))


@pytest.fixture
def sighting():
    at = timezone.now() - timedelta(minutes=1)
    times = [at.timestamp() * 1000 + ms for ms in (0, 200, 400)]
    return SightingFactory(at=at, ends_at=at, frames=[{"at_ms": one, "boxes": []} for one in times])


def test_an_alarm_is_the_platforms_and_brings_its_ten_seconds(sighting):
    assert follow(sighting, [CALM, judged(0.0, "headway"), CALM]) == {"alarms": 1, "doubtful": 0, "asked": 1}
    row, order = Alarm.objects.get(), Command.objects.get()
    assert (row.source, row.kind, row.level, row.seconds) == ("platform", "headway", 2, 0.6)
    assert (order.kind, order.args["seconds"], order.created_by) == ("request_clip", 5.0, None)
    assert order.args["at_ms"] == pytest.approx(sighting.frames[1]["at_ms"], abs=1)
    assert row.key.endswith(order.args["alarm"])


@pytest.mark.parametrize(("kind", "raised"), [("fcw", 0), ("headway", 0), ("pcw", 1)])
def test_whoever_was_warned_of_a_vehicle_is_not_warned_again(sighting, kind, raised):
    AlarmFactory(device=sighting.device, kind=kind, at=sighting.at + timedelta(seconds=2))
    assert follow(sighting, [CALM, judged(0.0, "fcw"), CALM])["alarms"] == raised


def test_the_most_doubtful_frame_is_the_picture_that_is_asked_for(sighting):
    assert follow(sighting, [judged(1.2), judged(1.9), judged(0.4)]) == {"alarms": 0, "doubtful": 2, "asked": 1}
    assert Command.objects.get().args["at_ms"] == pytest.approx(sighting.frames[1]["at_ms"], abs=1)


def test_what_the_device_has_no_more_is_not_asked_for(sighting):
    sighting.frames = [{**frame, "at_ms": frame["at_ms"] - 600_000} for frame in sighting.frames]
    assert follow(sighting, [judged(1.9), CALM, CALM])["asked"] == 0


def test_a_device_is_asked_for_so_many_pictures_an_hour(sighting):
    asked = [follow(sighting, [judged(1.9), CALM, CALM])["asked"] for _ in range(MOST_AN_HOUR + 2)]
    assert (sum(asked), asked[-1]) == (MOST_AN_HOUR, 0)


@pytest.mark.parametrize(("kinds", "doubt", "asked"), [((), 1.3, 0), ((), 1.9, 1), (("fcw",), 0.0, 1)])
def test_the_less_room_the_more_doubtful_a_picture_must_be_and_an_alarm_goes_first(sighting, kinds, doubt, asked):
    now = timezone.now()
    for one in range(10):  # ten messages of the last hour
        SightingFactory(device=sighting.device, filled_at=now, counts={"most_doubt": 1 + one / 10})
    for _ in range(MOST_AN_HOUR * 2 // 3):
        command_issue(sighting.device, "request_clip", {"at_ms": 1.0}, by=None)
    assert follow(sighting, [judged(doubt, *kinds), CALM, CALM])["asked"] == asked


def test_filled_a_second_time_nothing_is_raised_or_asked_for_again(sighting):
    found = [judged(1.9, "fcw"), CALM, CALM]
    first, again = (sighting_filled(sighting, [[], [], []], found) for _ in range(2))
    assert (first["alarms"], again["alarms"]) == (1, 0)
    assert Alarm.objects.count() == Command.objects.count() == 1
    sighting.refresh_from_db()
    assert sighting.states[0] == {"scene": [], "cipo": None, "gap_m": None, "risk": 0.3, "doubt": 1.9}
    assert (sighting.counts["alarms"], sighting.counts["most_doubt"]) == (1, 1.9)
