"""The stock admin: every list opens, searches and filters; history is only looked at."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import (
    AlarmFactory,
    AssignmentFactory,
    BoxFactory,
    CommandFactory,
    DeviceFactory,
    DisagreementFactory,
    EdgeExportFactory,
    JobFactory,
    MethodComparisonFactory,
    ModelLookFactory,
    ModelVersionFactory,
    RiskModelFactory,
    RolloutFactory,
    SightingFactory,
    TaxonomyChangeFactory,
    TrainingRunFactory,
    TriggerCampaignFactory,
    UplinkFactory,
    UploadFactory,
    UserFactory,
    VersionFactory,
    WebhookFactory,
)
from webapp.audit.models import AuditSample, Lease
from webapp.autoaccept.models import Certificate
from webapp.blind.models import AuditMix, BlindTrial, GoldFrame
from webapp.control.acts import act_record
from webapp.control.invitations import invite
from webapp.control.models import FootageRemoval
from webapp.core.admin import GrowingAdmin, ReadOnlyAdmin
from webapp.dashboards.models import DayFigure
from webapp.explore.models import FeaturePart, Slice
from webapp.fleet.models import DeviceToken, Heartbeat
from webapp.footage.models import Frame
from webapp.jobs.services import log
from webapp.labels.models import Box, BoxEvent, Track
from webapp.review.models import Review
from webapp.review.threads import thread_begin
from webapp.webhooks.services import webhook_ping

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model.__module__.startswith("webapp.")]
GROWING = [model for model in OURS if isinstance(admin.site._registry[model], GrowingAdmin)]


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture(autouse=True)
def rows():
    """At least one row of each model."""
    box = BoxFactory()
    BoxEvent.objects.create(box=box, frame=box.frame, kind=BoxEvent.Kind.ACCEPTED, actor=UserFactory())
    Lease.objects.create(frame=box.frame, user=UserFactory(), expires_at="2026-01-01T00:00:00Z")
    sample = AuditSample.objects.create(
        drive=box.frame.drive, number=1, seed=7, population=1, size=1, created_by=UserFactory()
    )
    promise = {"alpha": 0.02, "delta": 0.05, "slices": []}
    Certificate.objects.create(drive=sample.drive, sample=sample, created_by=UserFactory(), **promise)
    thread_begin(frame=box.frame, author=UserFactory(), text="Look")
    Review.objects.create(frame=box.frame, verdict="accepted", by=UserFactory(), frame_version=1)
    AuditMix.objects.create(workspace=box.frame.workspace)
    GoldFrame.objects.create(frame=box.frame, marked_by=UserFactory())
    BlindTrial.objects.create(frame=box.frame, user=UserFactory(), kind=BlindTrial.Kind.SEEDED, seed=0)
    Slice.objects.create(workspace=box.frame.workspace, name="night", created_by=UserFactory())
    FeaturePart.objects.create(
        drive=box.frame.drive, model="m", first_frame=1, last_frame=1, frames=1, labels=0, key="k"
    )
    Track.objects.create(drive=box.frame.drive, number=1)
    log(JobFactory(), "began")
    DeviceToken.objects.create(device=DeviceFactory(), digest="d")
    Heartbeat.objects.create(device=DeviceFactory())
    for make in (
        AlarmFactory,
        AssignmentFactory,
        CommandFactory,
        DisagreementFactory,
        EdgeExportFactory,
        MethodComparisonFactory,
        ModelLookFactory,
        ModelVersionFactory,
        RolloutFactory,
        TaxonomyChangeFactory,
        TrainingRunFactory,
        TriggerCampaignFactory,
        SightingFactory,
        UplinkFactory,
        UploadFactory,
        VersionFactory,
    ):
        make()
    RiskModelFactory()
    invite(box.frame.workspace, email="new@example.org", role="annotator", by=UserFactory())
    webhook_ping(WebhookFactory())
    FootageRemoval.objects.create(workspace=box.frame.workspace, why="retention", days=1)
    act_record("webhook.created", "x", workspace=None, actor=None)
    DayFigure.objects.create(workspace=box.frame.workspace, series="jobs", day="2026-01-01", value=7)


def path(model, page, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_list_opens_searches_and_shows_a_row(staff, model, django_assert_max_num_queries):
    assert admin.site._registry[model].search_fields
    with django_assert_max_num_queries(20):
        assert staff.get(path(model, "changelist"), {"q": "7"}).status_code == 200
    assert staff.get(path(model, "changelist")).status_code == 200
    assert staff.get(path(model, "change", model.objects.latest("pk").pk)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_list_counts_its_whole_table(model):
    assert admin.site._registry[model].show_full_result_count is False


def order_of(staff, model, typed) -> list[str]:
    return list(staff.get(path(model, "changelist"), {"o": typed}).context["cl"].queryset.query.order_by)


@pytest.mark.parametrize("model", GROWING, ids=lambda model: model.__name__)
def test_an_order_typed_by_hand_sorts_no_large_table_but_by_its_number(staff, model):
    columns = staff.get(path(model, "changelist")).context["cl"].list_display
    for place in range(len(columns)):
        for typed in (f"{place}", f"-{place}"):
            assert {field.lstrip("-") for field in order_of(staff, model, typed)} <= {"id", "pk"}


def test_the_tables_of_footage_and_labels_are_large():
    assert {Box, BoxEvent, Frame, Track} <= set(GROWING)


def test_the_number_and_the_columns_of_small_tables_still_sort(staff):
    assert order_of(staff, Box, "0") == ["id"]
    assert order_of(staff, Slice, "1") == [admin.site._registry[Slice].list_display[1], "-pk"]


def test_history_is_neither_edited_nor_deleted(staff):
    event = BoxEvent.objects.get()
    assert isinstance(admin.site._registry[BoxEvent], ReadOnlyAdmin)
    assert staff.post(path(BoxEvent, "change", event.pk), {"kind": "rejected"}).status_code == 403
    assert staff.post(path(BoxEvent, "delete", event.pk), {"post": "yes"}).status_code == 403
    assert staff.get(path(BoxEvent, "add")).status_code == 403
    assert BoxEvent.objects.get().kind == "accepted"
