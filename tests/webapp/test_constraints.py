"""The database itself refuses what must not be, whoever writes: each constraint is broken once, and a sound row passes beside it."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tests.factories import (
    AlarmFactory,
    AssignmentFactory,
    BlindTrialFactory,
    BoxFactory,
    CategoryFactory,
    ClipFactory,
    CommandFactory,
    DatasetFactory,
    DeviceFactory,
    DisagreementFactory,
    DriveFactory,
    EdgeExportFactory,
    FrameFactory,
    InvitationFactory,
    JobFactory,
    LabelImportFactory,
    MembershipFactory,
    MethodComparisonFactory,
    ModelLookFactory,
    ModelVersionFactory,
    PredictionSetFactory,
    ReleaseFactory,
    RiskModelFactory,
    RolloutFactory,
    SightingFactory,
    TaxonomyChangeFactory,
    TaxonomyFactory,
    TrainingRunFactory,
    UplinkFactory,
    UploadFactory,
    UserFactory,
    VersionFactory,
    WebhookFactory,
    WorkspaceFactory,
)
from webapp.accounts.models import WorkspaceLimits
from webapp.audit.models import AuditSample, DrawnLabel, Lease
from webapp.autoaccept.models import Certificate
from webapp.blind.models import AuditMix, BlindTrial, GoldFrame
from webapp.control.models import FootageRemoval
from webapp.core.models import IdempotencyRecord
from webapp.dashboards.models import DayFigure, DigestSent, RollUp
from webapp.datasets.models import DatasetVersion, ExportFile, VersionDrive
from webapp.exchange.models import VersionExport
from webapp.explore.models import FeaturePart, Slice
from webapp.fleet.models import DeviceToken
from webapp.footage.models import Clip
from webapp.jobs.models import Job
from webapp.labels.models import BoxEvent, Track
from webapp.registry.models import Promotion
from webapp.review.models import Comment, Review, Thread
from webapp.taxonomy.models import Taxonomy
from webapp.team.models import Presence
from webapp.training.models import MethodSpec, Metric
from webapp.webhooks.models import Delivery

pytestmark = pytest.mark.django_db
NAN, NOW = float("nan"), "2026-01-01T00:00:00Z"


def twice(write: Callable[..., object], **values: object) -> None:
    """The first row is sound, the second breaks the rule."""
    write(**values)
    refused(write, **values)


def refused(write: Callable[..., object], **values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(**values)


def lease(**values):
    return Lease.objects.create(expires_at=NOW, **values)


def event(**values):
    return BoxEvent.objects.create(kind=BoxEvent.Kind.ACCEPTED, **values)


def thread(**values):
    return Thread.objects.create(frame=FrameFactory(), created_by=UserFactory(), **values)


def review(**values):
    return Review.objects.create(by=UserFactory(), frame_version=1, **values)


def sample(**values):
    return AuditSample.objects.create(seed=0, population=1, size=1, created_by=UserFactory(), **values)


def part(**values):
    return FeaturePart.objects.create(model="m", frames=1, labels=0, key="k", **values)


def trial(**values):
    return BlindTrial.objects.create(kind=BlindTrial.Kind.SEEDED, seed=0, **values)


def certificate(**values):
    return Certificate.objects.create(
        **{"alpha": 0.02, "delta": 0.05, "slices": [], "created_by": UserFactory(), **values}
    )


BROKEN: dict[str, Callable[[], None]] = {
    "one_figure_a_day_and_part": lambda: twice(
        DayFigure.objects.create, workspace=WorkspaceFactory(), series="jobs", day="2026-01-01", value=1
    ),
    "one_slice_a_name": lambda: twice(
        Slice.objects.create, workspace=WorkspaceFactory(), name="a", created_by=UserFactory()
    ),
    "one_feature_part_a_place": lambda: twice(part, drive=DriveFactory(), first_frame=1, last_frame=2),
    "feature_part_runs_forward": lambda: refused(part, drive=DriveFactory(), first_frame=2, last_frame=1),
    "rollup.workspace": lambda: twice(RollUp.objects.create, workspace=WorkspaceFactory()),
    "one_device_a_name": lambda: twice(DeviceFactory, workspace=WorkspaceFactory(), name="a"),
    "devicetoken.digest": lambda: twice(DeviceToken.objects.create, device=DeviceFactory(), digest="a"),
    "alarm.key": lambda: twice(AlarmFactory, device=DeviceFactory(), key="a"),
    "alarm_level_1_or_2": lambda: refused(AlarmFactory, level=3),
    "uplink.key": lambda: twice(UplinkFactory, device=DeviceFactory(), key="a"),
    "uplink.frame": lambda: twice(UplinkFactory, frame=FrameFactory()),
    "uplink_offset_within_size": lambda: refused(UplinkFactory, size=10, offset=11),
    "sighting.key": lambda: twice(SightingFactory, key="a"),
    "sighting_ends_after_it_begins": lambda: refused(
        SightingFactory, at="2026-01-01T01:00Z", ends_at="2026-01-01T00:00Z"
    ),
    "received_uplink_has_a_time": lambda: refused(UplinkFactory, state="received"),
    "one_release_a_version": lambda: twice(ReleaseFactory, workspace=WorkspaceFactory(), version="1"),
    "one_rollout_at_a_time": lambda: twice(RolloutFactory, release=ReleaseFactory()),
    "canary_share_in_range": lambda: [refused(RolloutFactory, canary_share=share) for share in (0.0, 1.1)],
    "one_order_a_rollout_and_device": lambda: twice(CommandFactory, rollout=RolloutFactory(), device=DeviceFactory()),
    "audit_mix_up_to_half": lambda: [
        refused(AuditMix.objects.create, workspace=WorkspaceFactory(), **share)
        for share in ({"seeded_share": -0.1}, {"gold_share": 0.6}, {"seeded_share": NAN})
    ],
    "consensus_up_to_half": lambda: [
        refused(AuditMix.objects.create, workspace=WorkspaceFactory(), consensus_share=share)
        for share in (-0.1, 0.6, NAN)
    ],
    "one_second_opinion_a_frame": lambda: refused(BlindTrialFactory, frame=BlindTrialFactory().frame),
    "settled_disagreement_says_how": lambda: refused(DisagreementFactory, verdict="first"),
    "disagreement_is_about_something": lambda: refused(DisagreementFactory, first=None),
    "auditmix.workspace": lambda: twice(AuditMix.objects.create, workspace=WorkspaceFactory()),
    "goldframe.frame": lambda: twice(GoldFrame.objects.create, frame=FrameFactory(), marked_by=UserFactory()),
    "one_trial_a_frame_and_person": lambda: twice(trial, frame=FrameFactory(), user=UserFactory()),
    "trial_finds_what_was_there": lambda: refused(
        trial, frame=FrameFactory(), user=UserFactory(), errors=1, errors_found=2
    ),
    "one_standing_certificate_a_drive": lambda: twice(
        certificate, sample=(drawn := sample(drive=DriveFactory(), number=1)), drive=drawn.drive
    ),
    "certificate_promises": lambda: [
        refused(certificate, sample=(drawn := sample(drive=DriveFactory(), number=1)), drive=drawn.drive, **promise)
        for promise in ({"alpha": 0.0}, {"alpha": 0.3}, {"delta": NAN})
    ],
    "one_answer_a_key": lambda: twice(
        IdempotencyRecord.objects.create, user=UserFactory(), key="k", request_digest="", status=200
    ),
    "user.email": lambda: twice(UserFactory, email="a@example.org"),
    "workspace.slug": lambda: twice(WorkspaceFactory, slug="a"),
    "one_role_a_workspace": lambda: twice(MembershipFactory, user=UserFactory(), workspace=WorkspaceFactory()),
    "one_taxonomy_a_name_and_version": lambda: twice(
        Taxonomy.objects.create, workspace=WorkspaceFactory(), name="a", version=1
    ),
    "one_category_an_index": lambda: twice(CategoryFactory, taxonomy=TaxonomyFactory(), index=90),
    "one_category_a_name": lambda: twice(CategoryFactory, taxonomy=TaxonomyFactory(), name="zebra"),
    "one_version_a_ref_and_hash": lambda: twice(ModelVersionFactory, workspace=WorkspaceFactory(), ref="a", sha256="b"),
    "one_drive_a_name": lambda: twice(DriveFactory, workspace=WorkspaceFactory(), name="a"),
    "drive_samples_by_fps_or_every_nth": lambda: [
        refused(DriveFactory, sample_fps=fps, sample_every=every)
        for fps, every in [(2.0, 5), (None, None), (0.0, None), (None, 0)]
    ],
    "upload_offset_within_size": lambda: refused(UploadFactory, size=10, offset=11),
    "one_clip_a_drive_and_content": lambda: twice(ClipFactory, drive=DriveFactory(), sha256="a"),
    "clip.upload": lambda: twice(ClipFactory, upload=UploadFactory()),
    "one_frame_a_clip_index": lambda: twice(FrameFactory, clip=ClipFactory(), index=3),
    "one_frame_a_drive_name": lambda: twice(FrameFactory, clip=ClipFactory(), name="a.jpg"),
    "frame_has_area": lambda: [refused(FrameFactory, **side) for side in ({"width": 0}, {"height": 0})],
    "frame_risk_in_unit_range": lambda: [refused(FrameFactory, risk=risk) for risk in (-0.1, 1.1, NAN)],
    "one_model_track_a_number": lambda: twice(
        Track.objects.create, drive=DriveFactory(), model_version=ModelVersionFactory(), number=1
    ),
    "one_human_track_a_number": lambda: twice(Track.objects.create, drive=DriveFactory(), number=1),
    "one_box_a_model_index": lambda: twice(
        BoxFactory, frame=FrameFactory(), model_version=ModelVersionFactory(), index=0
    ),
    "box_has_area": lambda: [
        refused(BoxFactory, **{side: size}) for side in ("width", "height") for size in (0.0, -3.0, NAN)
    ],
    "box_inside_frame": lambda: [
        refused(BoxFactory, **outside)
        for outside in (
            {"x": -0.5},
            {"y": -0.5},
            {"x": 600.0, "width": 41.0},
            {"y": 350.0, "height": 11.0},
            {"x": 540.0, "width": 100.01},
            {"x": NAN},
            {"y": NAN},
        )
    ],
    "box_has_category_or_crowd": lambda: refused(BoxFactory, category=None),
    "box_risk_in_unit_range": lambda: [refused(BoxFactory, risk=risk) for risk in (-0.01, 1.01)],
    "box_severity_in_range": lambda: [refused(BoxFactory, severity=severity) for severity in (0.5, 11.0, NAN)],
    "box_score_in_unit_range": lambda: [refused(BoxFactory, score=score) for score in (-0.1, 1.1)],
    "box.client_id": lambda: twice(BoxFactory, client_id="00000000-0000-4000-8000-000000000000"),
    "one_event_a_client_id": lambda: twice(
        event, frame=FrameFactory(), client_id="00000000-0000-4000-8000-000000000000"
    ),
    "one_undo_of_an_event": lambda: twice(event, frame=(frame := FrameFactory()), undo_of=event(frame=frame)),
    "one_active_lease_a_frame": lambda: twice(lease, frame=FrameFactory(), user=UserFactory()),
    "assignment_is_of_something": lambda: refused(AssignmentFactory, drive=None),
    "one_assignment_a_drive": lambda: twice(AssignmentFactory, user=UserFactory(), drive=DriveFactory()),
    "one_assignment_a_category": lambda: twice(
        AssignmentFactory, user=UserFactory(), drive=None, category=CategoryFactory()
    ),
    "one_assignment_a_drive_category": lambda: twice(
        AssignmentFactory, user=UserFactory(), drive=DriveFactory(), category=CategoryFactory()
    ),
    "one_place_at_a_time": lambda: twice(
        Presence.objects.create, workspace=WorkspaceFactory(), user=UserFactory(), place="desk", seen_at=NOW
    ),
    "thread_point_is_whole": lambda: [
        refused(thread, **point) for point in ({"x": 1.0}, {"y": 1.0}, {"x": -1.0, "y": 1.0}, {"x": NAN, "y": 1.0})
    ],
    "resolved_thread_names_who": lambda: [refused(thread, resolved_at=NOW), refused(thread, resolved_by=UserFactory())],
    "comment_says_something": lambda: refused(Comment.objects.create, thread=thread(), author=UserFactory(), text=""),
    "one_current_review_a_frame": lambda: twice(review, frame=FrameFactory(), verdict="accepted"),
    "returned_frame_has_annotator": lambda: refused(review, frame=FrameFactory(), verdict="returned"),
    "one_sample_a_number": lambda: twice(sample, drive=DriveFactory(), number=1, current=False),
    "one_current_sample_a_drive": lambda: [
        sample(drive=(drive := DriveFactory()), number=1),
        refused(sample, drive=drive, number=2),
    ],
    "one_drawn_label_a_number": lambda: [
        DrawnLabel.objects.create(sample=(drawn := sample(drive=DriveFactory(), number=1)), box=BoxFactory(), number=1),
        refused(DrawnLabel.objects.create, sample=drawn, box=BoxFactory(), number=1),
    ],
    "one_draw_a_label": lambda: [
        DrawnLabel.objects.create(
            sample=(drawn := sample(drive=DriveFactory(), number=1)), box=(box := BoxFactory()), number=1
        ),
        refused(DrawnLabel.objects.create, sample=drawn, box=box, number=2),
    ],
    "one_dataset_a_name": lambda: twice(DatasetFactory, workspace=WorkspaceFactory(), name="a"),
    "one_version_a_number": lambda: twice(VersionFactory, dataset=DatasetFactory(), number=1),
    "frozen_version_has_digest": lambda: refused(VersionFactory, state=DatasetVersion.State.FROZEN, digest=""),
    "labelimport.upload": lambda: twice(LabelImportFactory, upload=UploadFactory()),
    "label_import_keeps_its_file": lambda: refused(LabelImportFactory, key=""),
    "one_export_a_format": lambda: twice(
        VersionExport.objects.create, version=VersionFactory(), format="voc", with_pictures=False
    ),
    "one_split_a_drive": lambda: twice(
        VersionDrive.objects.create, version=VersionFactory(), drive=DriveFactory(), split="train"
    ),
    "one_export_a_split": lambda: twice(
        ExportFile.objects.create, version=VersionFactory(), split="train", revision=1, key="k", size=1, sha256="s"
    ),
    "running_job_has_lease": lambda: refused(JobFactory, state=Job.State.RUNNING, lease_expires_at=None),
    "one_serving_model": lambda: twice(
        Promotion.objects.create, workspace=WorkspaceFactory(), model_version=ModelVersionFactory(), by=UserFactory()
    ),
    "methodspec.name": lambda: twice(MethodSpec.objects.create, name="none"),
    "one_run_a_name": lambda: twice(TrainingRunFactory, workspace=WorkspaceFactory(), name="a"),
    "one_comparison_a_name": lambda: twice(MethodComparisonFactory, workspace=WorkspaceFactory(), name="a"),
    "one_risk_model_a_number": lambda: twice(RiskModelFactory, model_version=ModelVersionFactory(), number=1),
    "one_current_risk_of_a_model": lambda: twice(RiskModelFactory, model_version=ModelVersionFactory(), current=True),
    "riskmodel.job": lambda: twice(RiskModelFactory, job=JobFactory()),
    "edgeexport.job": lambda: twice(EdgeExportFactory, job=JobFactory()),
    "edge_zip_has_its_report": lambda: refused(EdgeExportFactory, archive_key="ab/cd/abcd.zip"),
    "modellook.job": lambda: twice(ModelLookFactory, job=JobFactory()),
    "look_has_its_time": lambda: refused(ModelLookFactory, detections=[]),
    "edge_input_has_both_sides": lambda: refused(EdgeExportFactory, width=416),
    "predictionset.job": lambda: twice(PredictionSetFactory, job=JobFactory()),
    "trainingrun.job": lambda: twice(TrainingRunFactory, job=JobFactory()),
    "trainingrun.model": lambda: twice(TrainingRunFactory, model=ModelVersionFactory()),
    "workspacelimits.workspace": lambda: twice(WorkspaceLimits.objects.create, workspace=WorkspaceFactory()),
    "limits_are_positive": lambda: refused(
        WorkspaceLimits.objects.create, workspace=WorkspaceFactory(), retention_days=0
    ),
    "gps_at_most_six_decimals": lambda: refused(
        WorkspaceLimits.objects.create, workspace=WorkspaceFactory(), gps_decimals=7
    ),
    "audit_hour_costs_nothing_less": lambda: refused(
        WorkspaceLimits.objects.create, workspace=WorkspaceFactory(), audit_hour_cost=-1
    ),
    "retention_names_its_days": lambda: refused(
        FootageRemoval.objects.create, workspace=WorkspaceFactory(), why="retention"
    ),
    "one_taxonomy_change_at_a_time": lambda: twice(TaxonomyChangeFactory, taxonomy=TaxonomyFactory()),
    "one_digest_a_week": lambda: twice(DigestSent.objects.create, workspace=WorkspaceFactory(), week="2026-01-05"),
    "one_open_invitation_an_address": lambda: twice(
        InvitationFactory, workspace=WorkspaceFactory(), email="ada@example.org"
    ),
    "invitation.digest": lambda: twice(InvitationFactory, digest="d"),
    "one_webhook_an_address": lambda: twice(WebhookFactory, workspace=WorkspaceFactory(), url="https://a.example.org"),
    "waiting_delivery_is_due": lambda: refused(
        Delivery.objects.create, webhook=WebhookFactory(), event="ping", payload={}, due_at=None
    ),
    "one_row_an_iteration": lambda: twice(
        Metric.objects.create, run=TrainingRunFactory(), kind=Metric.Kind.TRAIN, iteration=1, values={}
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name):
    BROKEN[name]()


def test_every_constraint_is_broken_here():
    assert set(BROKEN) == set(declared())


def declared():
    """The constraints' names, and `model.field` of the fields that are unique by themselves."""
    for model in apps.get_models():
        if model.__module__.startswith("webapp."):
            yield from (constraint.name for constraint in model._meta.constraints)
            unique = (field for field in model._meta.fields if field.unique and not field.primary_key)
            yield from (f"{model._meta.model_name}.{field.name}" for field in unique)


def test_what_touches_the_edge_is_inside():
    assert BoxFactory(x=0.0, y=0.0, width=640.0, height=360.0).pk
    assert BoxFactory(x=540.0, width=100.0005).pk


def test_an_ignore_region_needs_no_category():
    assert BoxFactory(category=None, crowd=True).pk


def test_a_failed_clip_or_a_duplicate_may_have_the_content_of_another():
    first = ClipFactory()
    for state in (Clip.State.FAILED, Clip.State.DUPLICATE):
        assert ClipFactory(drive=first.drive, sha256=first.sha256, state=state).pk


def test_a_lease_that_ended_makes_room_for_the_next():
    frame = FrameFactory()
    lease(frame=frame, user=UserFactory(), released_at=NOW)
    assert lease(frame=frame, user=UserFactory()).pk
