"""One builder per row, valid by default."""

import hashlib
import uuid
from datetime import timedelta
from io import BytesIO
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from webapp.accounts.models import Membership, User, Workspace
from webapp.blind.models import BlindTrial
from webapp.consensus.models import Disagreement
from webapp.control.models import Invitation, TaxonomyChange
from webapp.core import storage
from webapp.datasets.models import Dataset, DatasetVersion
from webapp.edge.models import EdgeExport, ModelLook
from webapp.exchange.models import LabelImport
from webapp.fleet.models import Alarm, Command, Device, Release, Rollout, Sighting, TriggerCampaign, Uplink
from webapp.footage.models import Clip, Drive, Frame, Upload
from webapp.jobs.models import Job
from webapp.labels.models import Box
from webapp.registry.models import Evaluation, ModelVersion
from webapp.risk.models import RiskModel
from webapp.taxonomy.models import Category, Taxonomy
from webapp.taxonomy.services import preset_install
from webapp.team.models import Assignment
from webapp.training.models import MethodComparison, MethodSpec, PredictionSet, TrainingRun
from webapp.webhooks.models import Webhook


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class WorkspaceFactory(DjangoModelFactory[Workspace]):
    class Meta:
        model = Workspace

    name = factory.Sequence(lambda n: f"Workspace {n}")
    slug = factory.Sequence(lambda n: f"workspace-{n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    workspace = factory.SubFactory(WorkspaceFactory)
    role = Membership.Role.OWNER


class InvitationFactory(DjangoModelFactory[Invitation]):
    class Meta:
        model = Invitation

    workspace = factory.SubFactory(WorkspaceFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    role = Membership.Role.ANNOTATOR
    digest = factory.Sequence(str)
    invited_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))


class TaxonomyFactory(DjangoModelFactory[Taxonomy]):
    """The 13 categories of the product's own preset."""

    class Meta:
        model = Taxonomy

    workspace = factory.SubFactory(WorkspaceFactory)

    @classmethod
    def _create(cls, model_class: type[Taxonomy], *args: Any, **kwargs: Any) -> Taxonomy:
        return preset_install(kwargs["workspace"], kwargs.get("name", "gdda13"))


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category

    taxonomy = factory.SubFactory(TaxonomyFactory)
    index = factory.Sequence(lambda n: 100 + n)
    name = factory.Sequence(lambda n: f"category {n}")
    phrase = factory.SelfAttribute("name")
    colour = "#4c9be8"
    group = Category.Group.VEHICLE


class ModelVersionFactory(DjangoModelFactory[ModelVersion]):
    class Meta:
        model = ModelVersion

    workspace = factory.SubFactory(WorkspaceFactory)
    name = factory.Sequence(lambda n: f"model {n}")
    ref = factory.Sequence(lambda n: f"/models/{n}")


class DriveFactory(DjangoModelFactory[Drive]):
    class Meta:
        model = Drive

    workspace = factory.SubFactory(WorkspaceFactory)
    taxonomy = factory.SubFactory(TaxonomyFactory, workspace=factory.SelfAttribute("..workspace"))
    name = factory.Sequence(lambda n: f"Drive {n}")


class UploadFactory(DjangoModelFactory[Upload]):
    class Meta:
        model = Upload

    drive = factory.SubFactory(DriveFactory)
    created_by = factory.SubFactory(UserFactory)
    filename = "clip.mp4"
    size = 1000
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))


class ClipFactory(DjangoModelFactory[Clip]):
    class Meta:
        model = Clip

    drive = factory.SubFactory(DriveFactory)
    filename = factory.Sequence(lambda n: f"clip{n}.mp4")
    kind = Clip.Kind.VIDEO
    state = Clip.State.READY
    key = factory.LazyAttribute(lambda clip: f"{clip.sha256[:2]}/{clip.sha256[2:4]}/{clip.sha256}.mp4")
    size = 1000
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())


class FrameFactory(DjangoModelFactory[Frame]):
    """A row whose picture is not in the store; `with_picture` puts a grey one there."""

    class Meta:
        model = Frame

    class Params:
        with_picture = factory.Trait(
            image_key=factory.LazyAttribute(lambda frame: grey_picture(frame.width, frame.height)),
            thumbnail_key=factory.SelfAttribute("image_key"),
        )

    clip = factory.SubFactory(ClipFactory)
    drive = factory.SelfAttribute("clip.drive")
    workspace = factory.SelfAttribute("clip.drive.workspace")
    index = factory.Sequence(int)
    time_ms = factory.LazyAttribute(lambda frame: frame.index * 500.0)
    name = factory.LazyAttribute(lambda frame: f"{frame.clip.id}_{frame.index:06d}.jpg")
    sha256 = factory.Sequence(lambda n: hashlib.sha256(f"frame {n}".encode()).hexdigest())
    phash = factory.LazyAttribute(lambda frame: int(frame.sha256[:15], 16))  # no two alike
    width = 640
    height = 360
    image_key = factory.LazyAttribute(lambda frame: f"{frame.sha256}.jpg")
    thumbnail_key = factory.LazyAttribute(lambda frame: f"{frame.sha256}.thumb.jpg")


class BoxFactory(DjangoModelFactory[Box]):
    """A pending pre-label of the drive's first category."""

    class Meta:
        model = Box

    frame = factory.SubFactory(FrameFactory, state=Frame.State.PRELABELLED)
    category = factory.LazyAttribute(
        lambda box: Category.objects.filter(taxonomy=box.frame.drive.taxonomy).order_by("index").first()
    )
    x = 10.0
    y = 20.0
    width = 100.0
    height = 50.0
    frame_width = factory.SelfAttribute("frame.width")
    frame_height = factory.SelfAttribute("frame.height")
    source = Box.Source.PSEUDO
    score = 0.8
    risk = 0.5


class DatasetFactory(DjangoModelFactory[Dataset]):
    class Meta:
        model = Dataset

    workspace = factory.SubFactory(WorkspaceFactory)
    taxonomy = factory.SubFactory(TaxonomyFactory, workspace=factory.SelfAttribute("..workspace"))
    name = factory.Sequence(lambda n: f"Dataset {n}")


class VersionFactory(DjangoModelFactory[DatasetVersion]):
    """A version that waits for its job."""

    class Meta:
        model = DatasetVersion

    dataset = factory.SubFactory(DatasetFactory)
    number = factory.Sequence(lambda n: n + 1)
    created_by = factory.SubFactory(UserFactory)


class JobFactory(DjangoModelFactory[Job]):
    class Meta:
        model = Job

    workspace = factory.SubFactory(WorkspaceFactory)
    kind = Job.Kind.PRELABEL_FRAMES
    title = "Pre-label a drive"


class EvaluationFactory(DjangoModelFactory[Evaluation]):
    class Meta:
        model = Evaluation

    workspace = factory.SubFactory(WorkspaceFactory)
    model_version = factory.SubFactory(ModelVersionFactory, workspace=factory.SelfAttribute("..workspace"))
    dataset_version = factory.SubFactory(
        VersionFactory, dataset=factory.SubFactory(DatasetFactory, workspace=factory.SelfAttribute("...workspace"))
    )


class EdgeExportFactory(DjangoModelFactory[EdgeExport]):
    class Meta:
        model = EdgeExport

    workspace = factory.SubFactory(WorkspaceFactory)
    model_version = factory.SubFactory(
        ModelVersionFactory, workspace=factory.SelfAttribute("..workspace"), family="yolox"
    )


class ModelLookFactory(DjangoModelFactory[ModelLook]):
    class Meta:
        model = ModelLook

    workspace = factory.SelfAttribute("frame.workspace")
    frame = factory.SubFactory(FrameFactory)
    model_version = factory.SubFactory(ModelVersionFactory, workspace=factory.SelfAttribute("..frame.workspace"))


class MethodSpecFactory(DjangoModelFactory[MethodSpec]):
    """What a worker of this code publishes, in short."""

    class Meta:
        model = MethodSpec
        django_get_or_create = ("name",)

    name = "none"
    title = "None (labels only)"
    description = "Learn the labels."
    families = ["grounding-dino"]
    sizes = {"grounding-dino": ["nano", "mini"]}
    options = [
        {"name": "iterations", "kind": "int", "default": 100, "minimum": 1, "maximum": 1000, "choices": []}
        | {"help": "Steps.", "group": "Schedule"},
        {"name": "rate", "kind": "float", "default": 0.1, "minimum": 0, "maximum": 1, "choices": []}
        | {"help": "Speed.", "group": "Schedule"},
        {"name": "precision", "kind": "choice", "default": "auto", "minimum": None, "maximum": None}
        | {"choices": ["auto", "fp32"], "help": "Digits.", "group": "Machine"},
    ]


class MethodComparisonFactory(DjangoModelFactory[MethodComparison]):
    class Meta:
        model = MethodComparison

    workspace = factory.SubFactory(WorkspaceFactory)
    name = factory.Sequence(lambda n: f"comparison {n}")
    methods = ["none", "cld"]
    seeds = [0, 1, 2]
    family = "grounding-dino"
    size = "nano"


class TrainingRunFactory(DjangoModelFactory[TrainingRun]):
    class Meta:
        model = TrainingRun

    workspace = factory.SubFactory(WorkspaceFactory)
    name = factory.Sequence(lambda n: f"run {n}")
    method = "none"
    family = "grounding-dino"
    size = "nano"
    options = {"iterations": 100}
    code_version = "abc"
    job = factory.SubFactory(JobFactory, workspace=factory.SelfAttribute("..workspace"), kind=Job.Kind.TRAIN_MODEL)


class PredictionSetFactory(DjangoModelFactory[PredictionSet]):
    class Meta:
        model = PredictionSet

    run = factory.SubFactory(TrainingRunFactory)
    frames = []


class LabelImportFactory(DjangoModelFactory[LabelImport]):
    """A file that a job looks into."""

    class Meta:
        model = LabelImport

    drive = factory.SubFactory(DriveFactory)
    filename = "labels.zip"
    key = "aa/bb/labels.zip"
    size = 1000
    created_by = factory.SubFactory(UserFactory)


class AssignmentFactory(DjangoModelFactory[Assignment]):
    """A drive for somebody."""

    class Meta:
        model = Assignment

    workspace = factory.SubFactory(WorkspaceFactory)
    drive = factory.SubFactory(DriveFactory, workspace=factory.SelfAttribute("..workspace"))
    user = factory.SubFactory(UserFactory)
    created_by = factory.SubFactory(UserFactory)


def grey_picture(width: int, height: int) -> str:
    """The key of a stored JPEG."""
    out = BytesIO()
    Image.new("RGB", (width, height), "grey").save(out, format="JPEG")
    return storage.put_bytes(out.getvalue(), ".jpg")


class RiskModelFactory(DjangoModelFactory[RiskModel]):
    """A row alone: its parameters judge nothing."""

    class Meta:
        model = RiskModel

    model_version = factory.SubFactory(ModelVersionFactory)
    number = factory.Sequence(lambda n: n + 1)
    parameters: dict[str, Any] = {}
    labels = 300
    errors = 60
    held_out_by = "drive"
    reliability = {"bins": [], "ece": 0.02, "brier": 0.1, "brier_base": 0.16}
    ece = 0.02


class BlindTrialFactory(DjangoModelFactory[BlindTrial]):
    """Somebody's second opinion, open."""

    class Meta:
        model = BlindTrial

    frame = factory.SubFactory(FrameFactory, state=Frame.State.AUDITED)
    user = factory.SubFactory(UserFactory)
    kind = BlindTrial.Kind.CONSENSUS
    seed = 0


class DisagreementFactory(DjangoModelFactory[Disagreement]):
    """The first person has a label that the second has not."""

    class Meta:
        model = Disagreement

    opinion = factory.SubFactory(BlindTrialFactory)
    frame = factory.SelfAttribute("opinion.frame")
    kind = Disagreement.Kind.PRESENCE
    first = factory.LazyFunction(
        lambda: {"box": str(uuid.uuid4()), "category": None, "x": 1.0, "y": 1.0, "width": 9.0, "height": 9.0}
    )


class DeviceFactory(DjangoModelFactory[Device]):
    class Meta:
        model = Device

    workspace = factory.SubFactory(WorkspaceFactory)
    name = factory.Sequence(lambda n: f"car-{n}")


class AlarmFactory(DjangoModelFactory[Alarm]):
    class Meta:
        model = Alarm

    device = factory.SubFactory(DeviceFactory)
    key = factory.Sequence(lambda n: f"alarm {n}")
    kind = Alarm.Kind.FCW
    at = factory.LazyFunction(timezone.now)


class UplinkFactory(DjangoModelFactory[Uplink]):
    class Meta:
        model = Uplink

    device = factory.SubFactory(DeviceFactory)
    key = factory.Sequence(lambda n: f"uplink {n}")
    trigger = "unsure"
    at = factory.LazyFunction(timezone.now)
    size = 100
    sha256 = "a" * 64


class CommandFactory(DjangoModelFactory[Command]):
    class Meta:
        model = Command

    device = factory.SubFactory(DeviceFactory)
    kind = Command.Kind.PING
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class SightingFactory(DjangoModelFactory[Sighting]):
    class Meta:
        model = Sighting

    device = factory.SubFactory(DeviceFactory)
    key = factory.Sequence(lambda n: f"1/device:1:{n}")
    at = factory.LazyFunction(timezone.now)
    ends_at = factory.SelfAttribute("at")
    width, height = 640, 360


class TriggerCampaignFactory(DjangoModelFactory[TriggerCampaign]):
    class Meta:
        model = TriggerCampaign

    workspace = factory.SubFactory(WorkspaceFactory)
    text = "night, car"
    rule = {"scenes": ["night"], "categories": ["car"], "per_day": 200, "total": 2000}
    created_by = factory.SubFactory(UserFactory)


class ReleaseFactory(DjangoModelFactory[Release]):
    class Meta:
        model = Release

    workspace = factory.SubFactory(WorkspaceFactory)
    version = factory.Sequence(lambda n: f"1.{n}")
    filename = "model.onnx"
    key = factory.LazyFunction(lambda: storage.put_bytes(b"a network", ".onnx"))
    sha256 = "a" * 64
    size = 100
    created_by = factory.SubFactory(UserFactory)


class RolloutFactory(DjangoModelFactory[Rollout]):
    class Meta:
        model = Rollout

    release = factory.SubFactory(ReleaseFactory)
    workspace = factory.SelfAttribute("release.workspace")
    created_by = factory.SubFactory(UserFactory)


class WebhookFactory(DjangoModelFactory[Webhook]):
    class Meta:
        model = Webhook

    workspace = factory.SubFactory(WorkspaceFactory)
    created_by = factory.SubFactory(UserFactory)
    url = factory.Sequence(lambda n: f"https://hooks.example.org/{n}")
    secret = "whsec_test"
    events = ["job.failed"]


class TaxonomyChangeFactory(DjangoModelFactory[TaxonomyChange]):
    class Meta:
        model = TaxonomyChange

    taxonomy = factory.SubFactory(TaxonomyFactory)
    asked_by = factory.SubFactory(UserFactory)
    kind = "rename"
    what = factory.LazyFunction(dict)
    plan = factory.LazyFunction(
        lambda: (
            dict.fromkeys(("labels", "labels_moved", "frames_reopened", "drives"), 0)
            | {name: [] for name in ("versions", "models", "retired", "blocked")}
        )
    )
