"""What a driver would have seen: the device's agent on a drive of the store, as a job of the ledger."""

from typing import Any

from webapp.accounts.models import User, Workspace
from webapp.core.errors import DomainError
from webapp.footage.models import Frame
from webapp.footage.selectors import drives_of
from webapp.jobs.models import Job
from webapp.jobs.services import enqueue
from webapp.registry.services import model_to_label_with


def simulation_enqueue(
    workspace: Workspace, *, drive: int, speed_kmh: float, created_by: User, model: str | None = None
) -> Job:
    """Queue the simulation.

    Raises:
        DomainError `unknown_drive`, `no_frames` or `unknown_model`.
    """
    found = drives_of(workspace).filter(id=drive).first()
    if found is None:
        raise DomainError("unknown_drive", "There is no such drive here.", fields={"drive": "Unknown drive."})
    if not Frame.objects.filter(drive=found).exists():
        raise DomainError("no_frames", f"'{found}' has no frames yet.", fields={"drive": "No frames yet."})
    chosen = model_to_label_with(workspace, model)
    params: dict[str, Any] = {"drive": found.id, "model": chosen.id, "speed_kmh": speed_kmh}
    return enqueue(
        Job.Kind.SIMULATE_DEVICE,
        workspace=workspace,
        params=params,
        title=f"Simulate a device on {found.name} with {chosen.name}",
        created_by=created_by,
    )
