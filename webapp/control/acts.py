"""The audit log of administration: one line an act, in the transaction of the act itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from webapp.accounts.models import User, Workspace
from webapp.control.models import AdminAct

SECRET = ("secret", "token", "password", "digest")


def act_record(
    act: str,
    target: object,
    *,
    workspace: Workspace | None,
    actor: User | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AdminAct:
    """Write it down; of two states only what differs, and never a secret."""
    before, after = _differing(before, after)
    return AdminAct.objects.create(
        workspace=workspace, actor=actor, act=act, target=str(target)[:200], before=before, after=after
    )


@contextmanager
def recorded(act: str, target: object, *, workspace: Workspace, actor: User, **states: Any) -> Iterator[None]:
    """The change inside and its line, both or neither. The target is named as it was before: it may be gone after."""
    name = str(target)
    with transaction.atomic():
        yield
        act_record(act, name, workspace=workspace, actor=actor, **states)


def _differing(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if before is None or after is None:
        return _plain(before), _plain(after)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return (
        _plain({name: value for name, value in before.items() if name in changed}),
        _plain({name: value for name, value in after.items() if name in changed}),
    )


def _plain(state: dict[str, Any] | None) -> dict[str, Any] | None:
    """Values that JSON holds; a secret is told to have changed, not what it is."""
    if state is None:
        return None
    return {name: "…" if any(word in name for word in SECRET) else _value(value) for name, value in state.items()}


def _value(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)
