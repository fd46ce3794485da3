"""Who may do what: the one table. Every view names the right that it needs; a test walks them all."""

from webapp.accounts.models import Membership, User, Workspace

READ = "read"
FROZEN_READ = "frozen.read"  # frames of versions and evaluations: they are audited, and a blind trial of one would be known by its name
FOOTAGE_WRITE = "footage.write"
PRELABEL_RUN = "prelabel.run"
AUDIT_WRITE = "audit.write"
AUDIT_REVIEW = "audit.review"
DATASET_WRITE = "dataset.write"
MODEL_WRITE = "model.write"
JOBS_WRITE = "jobs.write"
FLEET_WRITE = "fleet.write"
MEMBERS_WRITE = "members.write"
WORKSPACE_MANAGE = "workspace.manage"

_LEAD = {
    READ,
    FROZEN_READ,
    FOOTAGE_WRITE,
    PRELABEL_RUN,
    AUDIT_WRITE,
    AUDIT_REVIEW,
    DATASET_WRITE,
    MODEL_WRITE,
    JOBS_WRITE,
    FLEET_WRITE,
}

RIGHTS: dict[str, frozenset[str]] = {
    Membership.Role.OWNER: frozenset(_LEAD | {MEMBERS_WRITE, WORKSPACE_MANAGE}),
    Membership.Role.LEAD: frozenset(_LEAD),
    Membership.Role.ANNOTATOR: frozenset({READ, AUDIT_WRITE}),
    Membership.Role.ML_ENGINEER: frozenset({READ, FROZEN_READ, PRELABEL_RUN, DATASET_WRITE, MODEL_WRITE, JOBS_WRITE}),
    Membership.Role.FLEET_ENGINEER: frozenset({READ, FROZEN_READ, FOOTAGE_WRITE, JOBS_WRITE, FLEET_WRITE}),
    Membership.Role.VIEWER: frozenset({READ, FROZEN_READ}),
}


def roles_with(right: str) -> list[str]:
    return [role for role, rights in RIGHTS.items() if right in rights]


def rights_of(user: User, workspace: Workspace) -> frozenset[str]:
    """The rights of a member; none for a stranger."""
    role = Membership.objects.filter(user=user, workspace=workspace).values_list("role", flat=True).first()
    return RIGHTS.get(role, frozenset()) if role else frozenset()


def has_right(user: User, workspace: Workspace, right: str) -> bool:
    return right in rights_of(user, workspace)
