"""What takes long to count is no reader's business."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import BoxFactory, FrameFactory
from webapp.dashboards.models import DayFigure, RollUp
from webapp.dashboards.rollup import figures_tick, rolled_up
from webapp.labels.models import Box

pytestmark = pytest.mark.django_db
NAME = "labels_by_category"


@pytest.fixture
def box(workspace):
    box = BoxFactory(frame=FrameFactory(clip__drive__workspace=workspace), state=Box.State.ACCEPTED)
    rolled_up(workspace)
    return box


def took(*, s, ago_s, counting_ago_s=None):
    """That the series took so long, so long ago."""
    now = timezone.now()
    RollUp.objects.update(
        at=now - timedelta(seconds=61),
        took={NAME: {"at": (now - timedelta(seconds=ago_s)).isoformat(), "s": s}},
        counting_since=None if counting_ago_s is None else now - timedelta(seconds=counting_ago_s),
    )


def counted():
    return DayFigure.objects.get(series=NAME).value


def test_a_reader_counts_what_is_quick_and_leaves_the_rest(workspace, box):
    BoxFactory(frame=box.frame, category=box.category, state=Box.State.ACCEPTED)
    took(s=2.0, ago_s=1000)
    rolled_up(workspace)
    assert counted() == 1.0
    took(s=0.1, ago_s=61)
    rolled_up(workspace)
    assert counted() == 2.0


def test_the_upkeep_counts_it_once_it_has_rested(workspace, box):
    BoxFactory(frame=box.frame, category=box.category, state=Box.State.ACCEPTED)
    took(s=10.0, ago_s=150)
    assert (figures_tick(), counted()) == ({"large_figures": 0}, 1.0)
    took(s=10.0, ago_s=201)
    assert (figures_tick(), counted()) == ({"large_figures": 1}, 2.0)
    assert RollUp.objects.get().took[NAME]["s"] < 10.0


def test_one_counts_and_the_others_read_what_there_is(workspace, box):
    took(s=0.1, ago_s=61, counting_ago_s=30)
    before = RollUp.objects.get().at
    assert rolled_up(workspace).at == before
    took(s=0.1, ago_s=61, counting_ago_s=601)  # that one died
    assert rolled_up(workspace).at > before + timedelta(seconds=30)
    assert RollUp.objects.get().counting_since is None


def test_who_fails_does_not_count_for_ever(workspace, box, monkeypatch):
    took(s=0.1, ago_s=61)
    monkeypatch.setattr("webapp.dashboards.rollup._replace", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rolled_up(workspace)
    assert RollUp.objects.get().counting_since is None
