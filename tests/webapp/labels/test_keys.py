"""Foreign keys checked together refuse what the row-by-row check refuses."""

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import BoxFactory
from webapp.labels.bulk import BoxRow, Origin, boxes_load
from webapp.labels.models import Box, BoxEvent

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="COPY is PostgreSQL's"),
]
ORIGIN = Origin("imported", "accepted", None, "imported")


def load_and_check(rows):
    boxes_load(rows, ORIGIN)
    connection.check_constraints()


def row(box, **changed):
    sides = (box.x, box.y, box.width, box.height)
    of = BoxRow(box.frame_id, 640, 360, box.category_id, *sides, None, False, False, False, None, None)
    return of._replace(**changed)


@pytest.mark.parametrize("changed", [{"frame": 10**9}, {"category": 10**9}, {"track": 10**9}], ids=str)
def test_what_names_a_missing_row_is_refused(changed):
    box = BoxFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        load_and_check([row(box), row(box, **changed)])
    assert Box.objects.count() == 1


def test_other_constraints_hold_and_the_session_is_as_before():
    box = BoxFactory()
    boxes_load([row(box), row(box, x=30.0)], ORIGIN)
    assert (Box.objects.count(), BoxEvent.objects.count()) == (3, 2)
    with pytest.raises(psycopg.errors.CheckViolation), transaction.atomic():
        boxes_load([row(box, x=-5.0)], ORIGIN)
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
