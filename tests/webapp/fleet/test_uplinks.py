from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import BoxFactory
from tests.webapp.fleet.conftest import picture
from webapp.fleet.models import Alarm, TriggerCampaign, Uplink
from webapp.fleet.services import campaign_create, our_time
from webapp.fleet.upkeep import fleet_tick
from webapp.fleet.uplinks import EXPIRES_AFTER, part_path, uplinks_tick
from webapp.footage.models import Drive, Frame
from webapp.jobs.models import Job
from webapp.jobs.services import finish, start

pytestmark = pytest.mark.django_db


def labelled(drive: Drive, **box):
    """Play the pre-labelling job of a drive."""
    for frame in Frame.objects.filter(drive=drive, state=Frame.State.NEW):
        if box:
            BoxFactory(frame=frame, **box)
        Frame.objects.filter(id=frame.id).update(state=Frame.State.PRELABELLED)
    row = Job.objects.get(kind=Job.Kind.PRELABEL_FRAMES, params__drive=drive.id)
    finish(start(row.id, worker="test"), {})


def test_a_frame_becomes_one_of_the_devices_drive_of_the_day_and_waits_for_labels(speaker):
    assert speaker.send(1, picture(), scene={"night": 0.9}).status_code == 200
    frame = Frame.objects.get()
    assert frame.drive.name == f"car-1 {timezone.now():%Y-%m-%d}"
    assert (frame.width, frame.height, frame.scene["time_of_day"]) == (640, 360, "night")
    assert Job.objects.get(kind=Job.Kind.PRELABEL_FRAMES).params["only_new"]
    uplink = Uplink.objects.get()
    assert (uplink.state, uplink.due_at - uplink.received_at) == ("received", timedelta(minutes=10))


def test_the_same_key_twice_is_one_row_one_frame_and_one_job(speaker):
    for _ in range(3):
        assert speaker.send(1, picture()).json()["state"] == "received"
    speaker.send(2, picture(2))
    assert (Uplink.objects.count(), Frame.objects.count(), Job.objects.count()) == (2, 2, 1)


def test_the_same_key_with_another_picture_is_refused(speaker):
    speaker.send(1, picture(1))
    answer = speaker.begin(1, picture(2))
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_a_broken_upload_goes_on_where_it_stopped(speaker):
    data = picture()
    speaker.begin(1, data)
    assert speaker.part(1, data[:1000], 0).json() == {"key": "car-1:1:1", "state": "open", "offset": 1000}
    assert Frame.objects.count() == 0
    wrong = speaker.part(1, data[500:], 500)
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 1000)
    assert speaker.begin(1, data).json()["offset"] == 1000
    assert speaker.part(1, data[1000:], 1000).json()["state"] == "received"
    assert not part_path(Uplink.objects.get()).exists()


def test_half_sent_leaves_nothing_and_may_begin_anew(speaker):
    data = picture()
    speaker.begin(1, data)
    speaker.part(1, data[:1000], 0)
    Uplink.objects.update(created_at=timezone.now() - EXPIRES_AFTER - timedelta(hours=1))
    assert uplinks_tick()["expired_uplinks"] == 1
    assert not part_path(Uplink.objects.get()).exists()
    assert Frame.objects.count() == 0
    assert speaker.send(1, data).json()["state"] == "received"


@pytest.mark.parametrize(
    ("sent", "code"), [(lambda data: data[:-5] + b"wrong", "checksum_mismatch"), (lambda data: data, "not_a_picture")]
)
def test_what_is_not_the_announced_picture_is_no_frame(speaker, sent, code):
    data = picture() if code == "checksum_mismatch" else b"no picture at all"
    speaker.begin(1, data)
    answer = speaker.part(1, sent(data), 0)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert Frame.objects.count() == 0
    assert not part_path(Uplink.objects.get()).exists()


@pytest.mark.parametrize("ahead_ms", [-3_600_000.0, 0.0, 86_400_000.0])
def test_a_wrong_clock_is_taken_off(ahead_ms):
    device_now = timezone.now().timestamp() * 1000 + ahead_ms
    age = timezone.now() - our_time(device_now - 5000, device_now)
    assert age.total_seconds() == pytest.approx(5, abs=1)


def test_labels_settle_the_uplink_and_confirm_or_doubt_the_alarm(speaker):
    speaker.alarm(1)
    speaker.send(2, picture(1), trigger="alarm:fcw", alarm=speaker.key(1), speed_kmh=60)
    labelled(Drive.objects.get(), x=270, y=200, width=100, height=90)
    assert Uplink.objects.get().state == "labelled"
    assert Alarm.objects.get().verdict == "confirmed"


def test_an_alarm_with_nothing_in_the_path_is_doubtful(speaker):
    speaker.alarm(1)
    speaker.send(2, picture(1), trigger="alarm:fcw", alarm=speaker.key(1), speed_kmh=60)
    labelled(Drive.objects.get())
    assert Alarm.objects.get().verdict == "doubtful"


def test_the_platform_alarms_of_what_the_device_did_not_see(speaker):
    speaker.send(1, picture(1), speed_kmh=100)
    drive = Drive.objects.get()
    labelled(drive, x=220, y=150, width=200, height=180)
    alarm = Alarm.objects.get()
    assert (alarm.source, alarm.kind, alarm.device) == ("platform", "headway", speaker.device)


def test_frames_of_one_event_raise_one_alarm_of_the_platform(speaker):
    for number in (1, 2):
        speaker.send(number, picture(number), speed_kmh=100)
    labelled(Drive.objects.get(), x=220, y=150, width=200, height=180)
    assert Uplink.objects.filter(state="labelled").count() == 2
    assert Alarm.objects.get().kind == "headway"


def test_a_campaign_goes_to_every_device_counts_and_ends_by_itself(speaker, another, member):
    campaign = campaign_create(workspace=member.workspace, text="car, score 0.3-0.6, until 2", by=member.user)
    rules = speaker.orders()[0]["args"]["campaigns"]
    assert [rule["id"] for rule in rules] == [str(campaign.id)]
    for number in (1, 2):
        speaker.send(number, picture(number), campaign=str(campaign.id))
    campaign.refresh_from_db()
    assert campaign.state == TriggerCampaign.State.ENDED
    assert another.orders()[-1]["args"] == {"campaigns": []}


def test_a_sentence_that_is_not_understood_names_the_phrase(client, speaker):
    answer = client.post("/api/v1/fleet-campaigns/", {"text": "night, unicorn"})
    assert (answer.status_code, answer.json()["code"]) == (400, "campaign_not_understood")
    assert "unicorn" in answer.json()["detail"]


def test_a_lane_departure_is_told_with_its_side_and_no_object_settles_it(speaker, client):
    speaker.alarm(1, kind="ldw", side="right", gap_m=0.2, seconds=0.6)
    speaker.send(2, picture(), trigger="alarm:ldw", alarm=speaker.key(1), speed_kmh=70)
    labelled(Drive.objects.get(), x=270, y=200, width=100, height=90)
    row = client.get("/api/v1/fleet-alarms/").json()["results"][0]
    assert (row["kind"], row["side"], row["verdict"]) == ("ldw", "right", "unknown")


def test_one_job_at_a_time_labels_a_devices_drive_and_what_came_meanwhile_is_next(speaker):
    speaker.send(1, picture(1))
    running = start(Job.objects.get(kind=Job.Kind.PRELABEL_FRAMES).id, worker="test")
    Frame.objects.update(state=Frame.State.PRELABELLED)
    speaker.send(2, picture(2))
    assert Job.objects.filter(kind=Job.Kind.PRELABEL_FRAMES).count() == 1
    finish(running, {})
    assert set(Uplink.objects.values_list("state", flat=True)) == {"labelled", "received"}
    assert Job.objects.get(kind=Job.Kind.PRELABEL_FRAMES, state=Job.State.QUEUED).params["drive"] == Drive.objects.get().id  # fmt: skip


def test_a_labelled_frame_settles_while_its_job_still_runs(speaker):
    speaker.alarm(1)
    speaker.send(2, picture(1), trigger="alarm:fcw", alarm=speaker.key(1), speed_kmh=60)
    Frame.objects.update(state=Frame.State.PRELABELLED)
    assert fleet_tick()["settled_uplinks"] == 1
    assert Alarm.objects.get().verdict == "doubtful"


def test_a_frame_that_waits_past_its_time_is_late_at_once(speaker, client):
    speaker.send(1, picture(1))
    late = lambda: client.get("/api/v1/fleet-uplinks/").json()["results"][0]["late"]  # noqa: E731
    assert late() is False
    Uplink.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert late() is True
