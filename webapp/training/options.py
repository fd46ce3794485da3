"""What a person may ask of a method, checked against what the workers have published."""

import math
from collections.abc import Mapping
from typing import Any

from webapp.core.errors import DomainError
from webapp.training.models import MethodSpec

KINDS: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "str": (str,),
    "choice": (str,),
}


def method_named(name: str) -> MethodSpec:
    """Raises: DomainError `unknown_method` naming those that there are."""
    method = MethodSpec.objects.filter(name=name).first()
    if method is None:
        known = ", ".join(MethodSpec.objects.order_by("name").values_list("name", flat=True))
        why = f"No worker can run '{name}'; known: {known or 'none yet, as no worker has started'}."
        raise DomainError("unknown_method", why, fields={"method": why})
    return method


def checked_options(method: MethodSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """Every option of the method: those given, and the defaults of the others.

    Raises:
        DomainError `bad_options` with a sentence for each option that is unknown or ill.
    """
    known = {option["name"]: option for option in method.options}
    problems = dict.fromkeys(values.keys() - known.keys(), f"'{method.name}' has no such option.")
    problems |= {name: why for name in values.keys() & known.keys() if (why := problem(known[name], values[name]))}
    if problems:
        first = sorted(problems)[0]
        fields = {f"options.{name}": why for name, why in problems.items()}
        raise DomainError("bad_options", f"{first}: {problems[first]}", fields=fields)
    return {name: values.get(name, option["default"]) for name, option in known.items()}


def problem(option: Mapping[str, Any], value: Any) -> str | None:
    """What is wrong with a value, as a sentence."""
    if not isinstance(value, KINDS[option["kind"]]) or (isinstance(value, bool) and option["kind"] != "bool"):
        return f"Must be of kind {option['kind']}."
    if option["kind"] == "choice" and value not in option["choices"]:
        return f"Must be one of {', '.join(option['choices'])}."
    if isinstance(value, int | float) and option["kind"] != "bool":
        return _beyond(value, option.get("minimum"), option.get("maximum"))
    return None


def _beyond(value: float, low: float | None, high: float | None) -> str | None:
    """A whole number may be larger than any float, so only floats are asked whether they are finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return "Must be a finite number."
    if low is not None and value < low:
        return f"Must be at least {low:g}."
    if high is not None and value > high:
        return f"Must be at most {high:g}."
    return None
