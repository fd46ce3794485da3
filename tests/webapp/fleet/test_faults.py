"""Devices on bad lines (bad_lines.py): nothing is lost, nothing is there twice, and nobody has another's. With hundreds: `bench/fleet_faults.py`."""

import time

import pytest

from tests.factories import ModelVersionFactory, TaxonomyFactory, WorkspaceFactory
from tests.webapp.fleet.bad_lines import fleet_of, losses, play
from tests.webapp.fleet.conftest import picture
from webapp.fleet import selectors
from webapp.fleet.models import Alarm

pytestmark = pytest.mark.django_db
DEVICES = 20


def test_nothing_is_lost_nothing_is_twice_and_nobody_has_anothers(workspace, tmp_path):
    TaxonomyFactory(workspace=workspace)
    ModelVersionFactory(workspace=workspace)
    played = play(fleet_of(workspace, DEVICES, tmp_path), [picture(seed, (64, 36)) for seed in range(2)], alarms=2)
    happened = played.happened()
    assert all(happened[what] > 3 for what in ("request lost", "half sent", "repeated", "late", "answer lost")), happened  # fmt: skip
    assert losses(played) == dict.fromkeys(losses(played), 0)
    assert all(set(one.refused) <= {403, 404} and len(one.refused) == 5 for one in played.liars)
    _clocks_are_right(played.honest)
    _another_workspace_sees_nothing()


def _clocks_are_right(devices):
    """However wrong a clock was, an alarm is of the last minutes by ours."""
    ages = [time.time() - a.at.timestamp() for a in Alarm.objects.filter(device__in=[one.row for one in devices])]
    assert min(ages) > -1
    assert max(ages) < 600


def _another_workspace_sees_nothing():
    other = WorkspaceFactory()
    for rows in (selectors.alarms_of, selectors.uplinks_of, selectors.sightings_of, selectors.commands_of):
        assert not rows(other).exists()
