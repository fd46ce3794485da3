"""Fields of the wire that several apps share."""

import math
from typing import Any

from rest_framework import serializers

LARGEST_ID = 2**63 - 1  # what the database's column holds


class IdField(serializers.IntegerField):
    """The id of a row. A larger number is nobody's, and SQLite cannot even look for it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


class FiniteField(serializers.FloatField):
    """A finite number: JSON has no other, and NaN passes every comparison."""

    def to_internal_value(self, data: Any) -> float:
        value = super().to_internal_value(data)
        if not math.isfinite(value):
            raise serializers.ValidationError("A finite number, please.")
        return value
