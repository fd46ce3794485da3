"""Which methods there are: every module of ml.distill.methods that holds one."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from ml.distill import methods
from ml.distill.method import Method
from ml.errors import BadRecipe
from ml.train.recipe import MethodSpec

CONTROL = "none"


@cache
def found() -> dict[str, type[Method]]:
    """Method classes by name; the control first, then by title.

    Raises:
        RuntimeError: two modules give one name, or a module gives none.
    """
    classes: dict[str, type[Method]] = {}
    for module in pkgutil.iter_modules(methods.__path__, f"{methods.__name__}."):
        here = [
            each
            for each in vars(import_module(module.name)).values()
            if isinstance(each, type)
            and issubclass(each, Method)
            and each.__module__ == module.name
            and "name" in vars(each)
        ]
        if not here or any(each.name in classes for each in here):
            raise RuntimeError(f"{module.name} must hold methods with names of their own.")
        classes |= {each.name: each for each in here}
    return dict(sorted(classes.items(), key=lambda item: (item[0] != CONTROL, item[1].title)))


def method_class(name: str) -> type[Method]:
    """Raises: BadRecipe naming those that there are."""
    if name not in found():
        raise BadRecipe(f"There is no method '{name}'; known: {', '.join(found())}.", field="method")
    return found()[name]


def specs() -> tuple[MethodSpec, ...]:
    """What workers publish."""
    return tuple(each.spec() for each in found().values())
