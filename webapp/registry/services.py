"""Writes of the model registry."""

from django.db import transaction

from webapp.accounts.models import Workspace
from webapp.core.errors import Conflict, DomainError
from webapp.registry.models import ModelVersion

DEFAULT_REF = "bundled:gdino-nano"
MODEL_FAMILIES = {"bundled": "grounding-dino", "yolox-onnx": "yolox"}


def model_register(*, workspace: Workspace, name: str, ref: str, notes: str = "") -> ModelVersion:
    """A new model of the workspace; the weights are loaded, and hashed, by a worker when it is first used."""
    if ModelVersion.objects.filter(workspace=workspace, name=name).exists():
        raise Conflict(
            "name_taken", f"There is a model named '{name}' already.", fields={"name": "This name is taken."}
        )
    return ModelVersion.objects.create(
        workspace=workspace, name=name, ref=ref, notes=notes, family=MODEL_FAMILIES.get(ref.split(":")[0], "")
    )


@transaction.atomic
def model_version_for(workspace: Workspace, ref: str) -> ModelVersion:
    """The workspace's model of this id or reference; a reference that is new is registered under its last part."""
    if ref.isdecimal():
        found = ModelVersion.objects.filter(workspace=workspace, id=int(ref)).first()
        if found is None:
            raise DomainError("unknown_model", f"There is no model {ref} here.", fields={"model": "Unknown model."})
        return found
    known = ModelVersion.objects.filter(workspace=workspace, ref=ref).order_by("-id").first()
    name = ref.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    return known or ModelVersion.objects.create(
        workspace=workspace, name=name, ref=ref, family=MODEL_FAMILIES.get(ref.split(":")[0], "")
    )


@transaction.atomic
def weights_seen(model: ModelVersion, sha256: str) -> ModelVersion:
    """Note which weights `model.ref` held when a worker loaded it; other weights than before are another version."""
    if not model.sha256:
        ModelVersion.objects.filter(id=model.id, sha256="").update(sha256=sha256)
        model.refresh_from_db()
    if model.sha256 == sha256:
        return model
    same, _ = ModelVersion.objects.get_or_create(
        workspace=model.workspace,
        ref=model.ref,
        sha256=sha256,
        defaults={"name": f"{model.name} ({sha256[:8]})", "family": model.family},
    )
    return same
