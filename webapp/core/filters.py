"""Filters that several apps share."""

from django import forms
from django_filters import NumberFilter

from webapp.core.fields import LARGEST_ID


class IdFilter(NumberFilter):
    """The id of a row, as a number and not as a choice: an id of another workspace answers no differently from one that never was.

    What no id can be is 400: SQLite cannot even look for it.
    """

    field_class = forms.IntegerField

    def __init__(self, field_name: str, **kwargs: object) -> None:
        super().__init__(field_name=field_name, min_value=0, max_value=LARGEST_ID, **kwargs)
