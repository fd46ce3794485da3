"""Reads of edge exports."""

import json
import zipfile
from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import User, Workspace
from webapp.core import storage
from webapp.core.errors import Conflict, DomainError
from webapp.edge.models import EdgeExport

MANIFEST = "manifest.json"
NETWORKS = {"fp32": "model.onnx", "int8": "model_int8.onnx"}


def exports_of(workspace: Workspace) -> QuerySet[EdgeExport]:
    return (
        EdgeExport.objects.filter(workspace=workspace)
        .select_related("model_version", "dataset_version__dataset", "job", "created_by")
        .order_by("-id")
    )


def exports_readable_by(user: User) -> QuerySet[EdgeExport]:
    """Those of every workspace that the person is in."""
    return EdgeExport.objects.filter(workspace__memberships__user=user).select_related("model_version")


def manifest_of(made: EdgeExport) -> dict[str, Any]:
    """What the zip says of itself. Raises: Conflict `not_exported`."""
    found: dict[str, Any] = json.loads(_member(made, MANIFEST))
    return found


def network_of(made: EdgeExport, precision: str) -> bytes:
    """An ONNX file of the zip. Raises: Conflict `not_exported`, DomainError `no_such_precision`."""
    name = NETWORKS.get(precision)
    if name is None or (precision == "int8" and not (made.report or {}).get("int8")):
        why = f"This export has no network of {precision}."
        raise DomainError("no_such_precision", why, fields={"precision": why})
    return _member(made, name)


def _member(made: EdgeExport, name: str) -> bytes:
    if not made.archive_key:
        raise Conflict("not_exported", "No zip has come of this export.")
    with storage.open_key(made.archive_key) as stored, zipfile.ZipFile(stored) as archive:
        return archive.read(name)
