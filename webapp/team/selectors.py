"""Reads of the team: who is in it, what was given to whom, how far it is."""

from typing import Any

from django.db.models import QuerySet

from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.rights import AUDIT_WRITE, RIGHTS
from webapp.footage.models import Frame
from webapp.labels.models import Box, BoxEvent
from webapp.labels.shown import waiting_boxes
from webapp.team.models import Assignment

DECISIONS = [
    BoxEvent.Kind.ACCEPTED,
    BoxEvent.Kind.REJECTED,
    BoxEvent.Kind.DISMISSED,
    BoxEvent.Kind.RELABELLED,
    BoxEvent.Kind.RESHAPED,
    BoxEvent.Kind.CREATED,
    BoxEvent.Kind.UNSURE,
]


def auditors(workspace: Workspace) -> QuerySet[Membership]:
    """The members who may audit."""
    roles = [role for role, rights in RIGHTS.items() if AUDIT_WRITE in rights]
    return Membership.objects.filter(workspace=workspace, role__in=roles).select_related("user").order_by("user__name")


def people(workspace: Workspace) -> list[dict[str, Any]]:
    return [
        {"id": membership.user_id, "name": str(membership.user), "role": membership.role}
        for membership in auditors(workspace)
    ]


def assignments_of(workspace: Workspace) -> QuerySet[Assignment]:
    """Those that stand."""
    return (
        Assignment.objects.filter(workspace=workspace, ended_at__isnull=True)
        .select_related("user", "drive", "category", "created_by")
        .order_by("user__name", "id")
    )


def assignment_on_wire(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "user": _named(assignment.user_id, assignment.user),
        "drive": _named(assignment.drive_id, assignment.drive),
        "category": _named(assignment.category_id, assignment.category),
        "alone": assignment.alone,
        "created_by": _named(assignment.created_by_id, assignment.created_by),
        "created_at": assignment.created_at,
        "ended_at": assignment.ended_at,
        "progress": progress(assignment),
    }


def decision_on_wire(event: BoxEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "user": _named(event.actor_id, event.actor),
        "kind": event.kind,
        "frame": event.frame_id,
        "frame_name": event.frame.name,
        "drive_name": event.frame.drive.name,
        "category": event.box.category.name if event.box and event.box.category else None,
        "seconds": event.seconds,
        "created_at": event.created_at,
    }


def progress(assignment: Assignment) -> dict[str, Any]:
    """Of a drive its frames, of a category its boxes: how many there are, how many are done, and how many this person did."""
    return _of_boxes(assignment) if assignment.category_id else _of_frames(assignment)


def _of_frames(assignment: Assignment) -> dict[str, Any]:
    frames = Frame.objects.filter(drive=assignment.drive_id)
    audited = frames.filter(state=Frame.State.AUDITED)
    finished = BoxEvent.objects.filter(kind=BoxEvent.Kind.FINISHED, actor=assignment.user_id, frame__in=audited)
    return {
        "unit": "frames",
        "total": frames.filter(state__in=[*Frame.OPEN_STATES, Frame.State.AUDITED]).count(),
        "done": audited.count(),
        "by_them": finished.values("frame").distinct().count(),
    }


def _of_boxes(assignment: Assignment) -> dict[str, Any]:
    part = {"category": assignment.category_id, "frame__workspace": assignment.workspace_id}
    if assignment.drive_id:
        part["frame__drive"] = assignment.drive_id
    waiting = waiting_boxes().filter(frame__state__in=Frame.OPEN_STATES, **part).count()
    decided = Box.objects.filter(**part).exclude(state__in=Box.OPEN_STATES)
    theirs = BoxEvent.objects.filter(box__in=decided, actor=assignment.user_id, kind__in=DECISIONS)
    done = decided.count()
    return {
        "unit": "boxes",
        "total": done + waiting,
        "done": done,
        "by_them": theirs.values("box").distinct().count(),
    }


def auditor(workspace: Workspace, user: int) -> User | None:
    membership = auditors(workspace).filter(user=user).first()
    return membership.user if membership else None


def _named(id: int | None, row: Any) -> dict[str, Any] | None:
    return {"id": id, "name": str(row)} if row else None
