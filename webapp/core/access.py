"""Every API view: who asks, in which workspace, and whether their role allows it."""

from functools import cached_property
from typing import ClassVar

from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from webapp.accounts.models import Membership, User, Workspace
from webapp.accounts.rights import READ, RIGHTS
from webapp.accounts.second_factor import has_second_factor, second_factor_missing
from webapp.core.errors import DomainError, Forbidden


class RoleAllows(BasePermission):
    """The member's role holds the right that the view names for the method. Runs before any object is looked up."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, WorkspaceView)
        if not view.without_second_factor and view.second_factor_missing:
            raise Forbidden("second_factor_required", "Set up the second step of your login first (Your account).")
        right = view.right_for(request.method or "")
        if right not in view.granted:
            raise Forbidden("role_forbids", f"Your role here ({view.membership.role}) does not include '{right}'.")
        return True


class WorkspaceView(APIView):
    """A view inside one workspace: the one that `X-Workspace` names, or the member's first.

    `rights` maps the method, or "*", to the right that it needs.
    """

    rights: ClassVar[dict[str, str]] = {"*": READ}
    without_second_factor: ClassVar[bool] = False  # what somebody needs on the way to one
    permission_classes = [IsAuthenticated, RoleAllows]

    @property
    def user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    @property
    def membership(self) -> Membership:
        if not hasattr(self, "_membership"):
            self._membership = _membership(self.user, self.request.headers.get("X-Workspace", ""))
        return self._membership

    def right_for(self, method: str) -> str:
        """The right that a method needs. What a view describes or does not serve at all (405) needs no more than reading."""
        right = self.rights.get("GET" if method == "HEAD" else method, self.rights.get("*"))
        if right is None:
            served = method in self.allowed_methods and method != "OPTIONS"
            assert not served, f"{type(self).__name__} names no right for {method}"
        return right or READ

    @property
    def workspace(self) -> Workspace:
        return self.membership.workspace

    @property
    def second_factor_missing(self) -> bool:
        return second_factor_missing(self.membership)

    @property
    def granted(self) -> frozenset[str]:
        return RIGHTS[self.membership.role]


def _membership(user: User, slug: str) -> Membership:
    memberships = user.memberships.select_related("workspace").order_by("id")
    found = memberships.filter(workspace__slug=slug).first() if slug else memberships.first()
    if found is None:
        raise DomainError("no_workspace", "You are not a member of this workspace.", status=403)
    return found


class AnywhereView(WorkspaceView):
    """An <a> cannot send X-Workspace: what the person may in any workspace opens the door, and the selector says to what."""

    @cached_property
    def _memberships(self) -> list[Membership]:
        """Read once for both questions below."""
        return list(self.user.memberships.select_related("workspace"))

    @property
    def granted(self) -> frozenset[str]:
        return frozenset().union(*(RIGHTS[membership.role] for membership in self._memberships))

    @property
    def second_factor_missing(self) -> bool:
        """Where any of the person's workspaces asks for one: which of them the link leads to is not known yet."""
        asked = any(one.role in one.workspace.second_factor_roles for one in self._memberships)
        return asked and not has_second_factor(self.user)
