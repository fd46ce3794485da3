"""What PostgreSQL is told about planning a query, where it thinks longer than it works."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def joined_as_written() -> Iterator[None]:
    """Tables are joined in the order of the query, in the transaction at hand.

    Of a query with ten EXISTS every order is tried otherwise: 110 ms of planning for 0.2 ms of work, several times a claim.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL join_collapse_limit = 1")
        yield
        cursor.execute("SET LOCAL join_collapse_limit TO DEFAULT")  # after an error it goes with the transaction
