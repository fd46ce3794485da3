"""Writes of assignments: a lead gives and takes back."""

from django.db import transaction
from django.utils import timezone

from webapp.accounts.models import User, Workspace
from webapp.core.errors import Conflict, DomainError
from webapp.footage.models import Drive
from webapp.taxonomy.models import Category
from webapp.team.models import Assignment
from webapp.team.selectors import assignment_on_wire, auditor


@transaction.atomic
def assignment_make(
    *,
    workspace: Workspace,
    by: User,
    user: int,
    drive: int | None = None,
    category: int | None = None,
    alone: bool = False,
) -> Assignment:
    """Give a drive, a category, or a category of a drive to a person.

    Raises:
        DomainError `invalid_assignment`: of nothing, of what is not here, or to somebody who may not audit.
        Conflict `assigned_already`: it stands, or somebody has the same alone; it is in `current`.
    """
    person, checked_drive, checked_category = _checked(workspace, user, drive, category)
    # Two leads at once come one after the other, and the second sees what the first gave.
    Workspace.objects.select_for_update().get(id=workspace.id)
    _refuse_twice(workspace, person, checked_drive, checked_category, alone)
    return Assignment.objects.create(
        workspace=workspace,
        user=person,
        drive=checked_drive,
        category=checked_category,
        alone=alone,
        created_by=by,
    )


@transaction.atomic
def assignment_end(assignment: Assignment, *, ended: bool) -> Assignment:
    """Take back, or give again what was taken back. Raises Conflict `assigned_already` when something else was given meanwhile."""
    Workspace.objects.select_for_update().get(id=assignment.workspace_id)
    assignment.refresh_from_db()
    if (assignment.ended_at is not None) != ended:
        if not ended:
            _refuse_twice(
                assignment.workspace, assignment.user, assignment.drive, assignment.category, assignment.alone
            )
        assignment.ended_at = timezone.now() if ended else None
        assignment.save(update_fields=["ended_at"])
    return assignment


def _checked(
    workspace: Workspace, user: int, drive: int | None, category: int | None
) -> tuple[User, Drive | None, Category | None]:
    person = auditor(workspace, user)
    found_drive = Drive.objects.filter(workspace=workspace, id=drive).first() if drive else None
    found_category = Category.objects.filter(taxonomy__workspace=workspace, id=category).first() if category else None
    wrong: dict[str, str] = {}
    if drive and found_drive is None:
        wrong["drive"] = "There is no such drive."
    if category and (found_category is None or (found_drive and found_drive.taxonomy_id != found_category.taxonomy_id)):
        wrong["category"] = "There is no such category here."
    if not drive and not category:
        wrong["drive"] = "Name a drive, a category, or both."
    if person is None:
        wrong["user"] = "Nobody of this workspace who may audit."
    if wrong or person is None:
        raise DomainError("invalid_assignment", " ".join(wrong.values()), fields=wrong)
    return person, found_drive, found_category


def _refuse_twice(
    workspace: Workspace, user: User, drive: Drive | None, category: Category | None, alone: bool
) -> None:
    same = Assignment.objects.filter(workspace=workspace, drive=drive, category=category, ended_at__isnull=True)
    standing = same.filter(user=user).first() or (same.filter(alone=True).first() if alone else None)
    if standing:
        raise Conflict(
            "assigned_already",
            f"{standing.user} has this{' alone' if standing.alone else ''} already.",
            extra={"current": assignment_on_wire(standing)},
        )
