import pytest

from ml.edge.campaign import Campaign, parse
from ml.edge.doubt import Doubt, doubt
from ml.edge.uplink import ALARM, CAMPAIGN, CHANCE, DOUBT, Budget, ByteBudget, UplinkPolicy
from ml.schemas import Detection

NAMES = ["car", "bicyclist", "person"]
UNSURE = Doubt(0.9, {"unsure": (1.0, "boxes that score 0.25 to 0.6: 4")})
CALM = Doubt(0.0)


def car(score, x=0, side=100):
    return Detection((x, 0, side, side), "car", score, {}, score < 0.4)


def test_a_campaign_is_read_from_a_sentence():
    assert parse("night, cyclist, score 0.3-0.6, at most 200 a day, until 2,000", NAMES) == Campaign(
        "", ("night",), ("bicyclist",), 0.3, 0.6, 200, 2000
    )


@pytest.mark.parametrize("text", ["night, unicorn", "", "at most 5 a day", "score 0.6-0.3", "score 3-4"])
def test_a_sentence_that_is_not_understood_is_refused(text):
    with pytest.raises(ValueError):
        parse(text, NAMES)


@pytest.mark.parametrize(
    ("scene", "boxes", "holds"),
    [
        (["night"], [("bicyclist", 0.5)], True),
        (["night", "rain"], [("car", 0.5), ("bicyclist", 0.3)], True),
        ([], [("bicyclist", 0.5)], False),
        (["night"], [("bicyclist", 0.7)], False),
        (["night"], [("car", 0.5)], False),
    ],
)
def test_when_a_campaign_matches(scene, boxes, holds):
    assert Campaign("a", ("night",), ("bicyclist",), 0.3, 0.6).matches(scene, boxes) is holds


def test_a_campaign_stops_at_its_days_share_and_at_its_total():
    policy = UplinkPolicy(
        Budget(chance=0, share=0, min_interval_ms=0), [Campaign("a", categories=("car",), per_day=3, total=4)]
    )
    sent = []
    for day in (0, 1):
        for index in range(10):
            at = day * 86_400_000 + index * 1000.0
            wish = policy.wanted(at, CALM, boxes=[("car", 0.5)])
            if wish and policy.accepted(wish, 1000, phash=hash((day, index)) * 0x9E3779B97F4A7C15 % 2**62, time_ms=at):
                sent.append((day, wish.priority))
    assert sent == [(0, CAMPAIGN)] * 3 + [(1, CAMPAIGN)]


def test_alarms_come_before_everything_and_go_whatever_the_budget():
    policy = UplinkPolicy(Budget(bytes_per_hour=10))
    wish = policy.wanted(0, UNSURE, alarms=["fcw"])
    assert wish.priority == ALARM
    assert policy.accepted(wish, 10_000, phash=1, time_ms=0)
    doubtful = UplinkPolicy(Budget(bytes_per_hour=10, chance=0))
    wish = doubtful.wanted(0, UNSURE)
    assert wish.priority == DOUBT
    assert not doubtful.accepted(wish, 10_000, phash=1, time_ms=0)


def test_the_byte_budget_is_never_overdrawn():
    bucket, spent = ByteBudget(Budget(bytes_per_hour=1_000_000, bytes_per_day=4_000_000)), 0
    for second in range(2 * 3600):
        spent += 80_000 * bucket.take(80_000, second * 1000.0)
    assert 2_000_000 < spent <= 3_000_000  # a full bucket and two hours of filling


def test_doubt_sends_about_the_share_that_was_set():
    import random

    rng, sent = random.Random(0), 0
    policy = UplinkPolicy(Budget(share=0.1, chance=0, min_interval_ms=0))
    for index in range(3000):
        wish = policy.wanted(index * 100.0, Doubt(rng.random(), {"unsure": (1.0, "")}))
        sent += wish is not None and policy.accepted(wish, 100, phash=rng.getrandbits(62), time_ms=index * 100.0)
    assert 0.08 < sent / 3000 < 0.12


def test_the_same_picture_goes_once_and_one_trigger_rests():
    policy = UplinkPolicy(Budget(chance=0))
    assert policy.accepted(policy.wanted(0, UNSURE), 100, phash=0, time_ms=0)
    assert policy.wanted(1999, UNSURE) is None
    again = policy.wanted(2000, UNSURE)
    assert not policy.accepted(again, 100, phash=0b11111, time_ms=2000)


def test_chance_sends_some_whatever_the_doubt():
    policy = UplinkPolicy(Budget(chance=0.01, share=0), seed=1)
    wishes = [policy.wanted(index * 100.0, CALM) for index in range(5000)]
    drawn = [wish for wish in wishes if wish]
    assert {wish.priority for wish in drawn} == {CHANCE}
    assert 25 <= len(drawn) <= 80


@pytest.mark.parametrize("asked", [{"share": 1.5}, {"bytes_per_hour": -1}, {"speed": 1}, {"chance": "all"}])
def test_a_budget_out_of_range_is_refused(asked):
    with pytest.raises(ValueError):
        Budget().changed(asked)


def test_doubt_grows_with_unsure_boxes_and_names_its_reason():
    sure, unsure = (
        doubt([car(0.95)], [], width=640, time_ms=0),
        doubt([car(0.42), car(0.4, 200)], [], width=640, time_ms=0),
    )
    assert sure.value < 0.05 < 0.4 < unsure.value
    assert unsure.trigger == "unsure"


def test_doubt_of_two_models_that_disagree_and_of_a_new_scene():
    alone = doubt([car(0.9)], [], width=640, time_ms=0, shadow=[])
    agreed = doubt([car(0.9)], [], width=640, time_ms=0, shadow=[car(0.8)])
    assert alone.value > agreed.value
    assert doubt([], [], width=640, time_ms=0, novel=["glare"]).trigger == "novel_scene"


def test_key_frames_keep_their_step_whatever_else_goes_and_whatever_is_refused():
    policy = UplinkPolicy(Budget(chance=0, share=0, key_every_ms=1000))
    wishes = {at: policy.wanted(at, CALM, alarms=["fcw"] if at == 2000 else []) for at in range(0, 5000, 100)}
    assert [at for at, wish in wishes.items() if wish] == [0, 1000, 2000, 3000, 4000]
    assert [wish.trigger for wish in wishes.values() if wish] == ["key", "key", "alarm:fcw", "key", "key"]
    assert policy.accepted(wishes[0], 100, phash=0, time_ms=0)
    assert policy.accepted(wishes[1000], 100, phash=0b11, time_ms=1000)  # a road that looks alike all the time
    assert not policy.accepted(wishes[3000], 100, phash=0b11, time_ms=3000)  # a car that stands


def test_no_key_frame_goes_unless_it_was_set():
    policy = UplinkPolicy(Budget(chance=0, share=0))
    assert not any(policy.wanted(at * 100.0, CALM) for at in range(100))
