"""Categories are renamed, merged and split with a plan shown first; frozen versions keep their names; all of it can be taken back."""

import pytest
from django.utils import timezone

from tests.factories import (
    AssignmentFactory,
    BlindTrialFactory,
    BoxFactory,
    DriveFactory,
    ModelVersionFactory,
    VersionFactory,
)
from webapp.control import taxonomy_change
from webapp.control.models import TaxonomyChange
from webapp.control.taxonomy_change import change_ask, change_run, undo_ask
from webapp.control.taxonomy_plan import plan_of, wanted_of
from webapp.core.errors import Conflict, DomainError
from webapp.datasets.models import DatasetVersion
from webapp.footage.models import Frame
from webapp.jobs.services import cancel
from webapp.labels.models import Box, BoxEvent
from webapp.taxonomy.models import Category

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxonomy(workspace):
    return DriveFactory(workspace=workspace).taxonomy


@pytest.fixture
def of(taxonomy):
    """The category of a name."""
    return lambda name: Category.rows.get(taxonomy=taxonomy, name=name)


@pytest.fixture
def box(taxonomy):
    def made(name, **fields):
        drive = taxonomy.drives.first()
        category = Category.rows.get(taxonomy=taxonomy, name=name)
        return BoxFactory(frame__clip__drive=drive, category=category, **fields)

    return made


@pytest.fixture
def change(taxonomy, member):
    """Ask and do."""

    def done(kind, category, **values):
        wanted = wanted_of(taxonomy, kind, {"category": category.id, **values})
        asked = change_ask(taxonomy, wanted, by=member.user)
        change_run(asked, lambda done, total: None)
        asked.refresh_from_db()
        return asked

    return done


def undone(change, member):
    change = undo_ask(change, by=member.user)
    return change_run(change, lambda done, total: None)


def frozen(taxonomy, names, **fields):
    return VersionFactory(
        dataset__workspace=taxonomy.workspace,
        dataset__taxonomy=taxonomy,
        state=DatasetVersion.State.FROZEN,
        **{"frozen_at": timezone.now()} | fields,
        digest="d" * 64,
        number=DatasetVersion.objects.count() + 1,
        categories=[{"id": n, "name": name} for n, name in enumerate(names, 1)],
    )


class TestRename:
    def test_moves_no_label_and_keeps_the_old_name_as_an_alias(self, of, box, change, taxonomy):
        one = box("person")
        done = change("rename", of("person"), name="pedestrian", phrase="a pedestrian")
        renamed = of("pedestrian")
        assert (renamed.phrase, "person" in renamed.aliases) == ("a pedestrian", True)
        assert Box.objects.get(id=one.id).category_id == renamed.id
        assert BoxEvent.rows.filter(gesture=done.gesture).count() == 0
        taxonomy.refresh_from_db()
        assert taxonomy.version == 2

    def test_is_taken_back_whole(self, of, change, member):
        before = {name: getattr(of("person"), name) for name in ("id", "name", "phrase", "aliases")}
        undone(change("rename", of("person"), name="pedestrian"), member)
        assert {name: getattr(of("person"), name) for name in before} == before

    @pytest.mark.parametrize("name", ["car", "person", " "])
    def test_to_a_name_that_is_taken_or_none_is_refused(self, taxonomy, of, name):
        with pytest.raises(DomainError):
            wanted_of(taxonomy, "rename", {"category": of("person").id, "name": name})


class TestMerge:
    def test_moves_the_labels_with_an_event_each_and_a_new_version_of_their_frames(self, of, box, change):
        bus, truck = box("bus"), box("truck")
        change("merge", of("truck"), others=[of("bus").id])
        bus.refresh_from_db()
        assert bus.category == truck.category
        [event] = BoxEvent.rows.filter(box=bus)
        assert (event.actor, event.kind, event.before["category"]) == (None, "relabelled", of("bus").id)
        assert Frame.objects.get(id=bus.frame_id).version == 2
        assert Frame.objects.get(id=truck.frame_id).version == 1
        assert "bus" in of("truck").aliases

    def test_the_other_can_no_longer_be_chosen(self, of, change, client, taxonomy):
        change("merge", of("truck"), others=[of("bus").id])
        [listed] = client.get("/api/v1/taxonomies/").json()["results"]
        assert "bus" not in {category["name"] for category in listed["categories"]}
        assert "bus" not in {value.name for value in taxonomy.values()}

    def test_undo_brings_back_what_nobody_changed_since(self, of, box, change, member):
        untouched, changed = box("bus"), box("bus")
        done = change("merge", of("truck"), others=[of("bus").id])
        Box.objects.filter(id=changed.id).update(category=of("car"))
        assert undone(done, member) == {"moved": 1, "kept": 1, "categories_kept": 0}
        untouched.refresh_from_db()
        changed.refresh_from_db()
        assert (untouched.category.name, changed.category.name) == ("bus", "car")
        assert Category.objects.filter(name="bus").exists()

    def test_a_run_that_was_cut_goes_on(self, of, box, taxonomy, member, monkeypatch):
        boxes = [box("bus") for _ in range(3)]
        monkeypatch.setattr("webapp.control.taxonomy_change.CHUNK", 1)
        wanted = wanted_of(taxonomy, "merge", {"category": of("truck").id, "others": [of("bus").id]})
        asked = change_ask(taxonomy, wanted, by=member.user)

        def cut(done, total):
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            change_run(asked, cut)
        change_run(TaxonomyChange.objects.get(id=asked.id), lambda done, total: None)
        assert Box.objects.filter(category=of("truck")).count() == 3
        assert BoxEvent.rows.filter(box__in=boxes).count() == 3

    def test_an_assignment_goes_over(self, of, change):
        given = AssignmentFactory(workspace=of("bus").taxonomy.workspace, category=of("bus"))
        change("merge", of("truck"), others=[of("bus").id])
        given.refresh_from_db()
        assert given.category == of("truck")


class TestSplit:
    def test_makes_the_parts_and_brings_audited_frames_back_to_the_queue(self, of, box, change, member):
        audited = box("person", state="accepted", frame__state="audited")
        other = box("car", state="accepted", frame__state="audited")
        done = change("split", of("person"), parts=[{"name": "child"}, {"name": "adult"}], reopen=True)
        assert (of("child").group, of("child").phrase) == (of("person").group, "child")
        assert [Frame.objects.get(id=b.frame_id).state for b in (audited, other)] == ["reopened", "audited"]
        undone(done, member)
        assert not Category.rows.filter(name__in=["child", "adult"]).exists()
        assert Frame.objects.get(id=audited.frame_id).state == "audited"

    def test_a_part_that_is_in_use_by_now_stays(self, of, box, change, member):
        done = change("split", of("person"), parts=[{"name": "child"}])
        box("child")
        assert undone(done, member)["categories_kept"] == 1
        assert of("child")


class TestPlan:
    def test_says_what_it_would_do_and_does_nothing(self, client, taxonomy, of, box):
        box("bus")
        version = frozen(taxonomy, ["bus", "car"])
        model = ModelVersionFactory(workspace=taxonomy.workspace, dataset_version=version)
        body = {"kind": "merge", "category": of("truck").id, "others": [of("bus").id]}
        plan = client.post(f"/api/v1/taxonomies/{taxonomy.id}/changes/", body, format="json").json()["plan"]
        assert (plan["labels"], plan["labels_moved"], plan["drives"]) == (1, 1, 1)
        assert (plan["versions"], plan["models"], plan["retired"]) == ([str(version)], [model.name], ["bus"])
        assert TaxonomyChange.objects.count() == 0
        assert Box.objects.get().category == of("bus")

    def test_frozen_versions_keep_their_own_names_and_one_frozen_since_forbids_the_undo(
        self, taxonomy, of, change, member
    ):
        before = frozen(taxonomy, ["bus"])
        done = change("rename", of("bus"), name="coach")
        before.refresh_from_db()
        assert [category["name"] for category in before.categories] == ["bus"]
        frozen(taxonomy, ["coach"])
        with pytest.raises(Conflict, match="frozen since"):
            undo_ask(done, by=member.user)

    def test_a_version_in_the_making_an_open_trial_or_another_change_block_it(self, taxonomy, of, member, box):
        wanted = wanted_of(taxonomy, "rename", {"category": of("bus").id, "name": "coach"})
        VersionFactory(dataset__workspace=taxonomy.workspace, dataset__taxonomy=taxonomy, state="freezing")
        BlindTrialFactory(frame=box("car").frame)
        assert len(plan_of(taxonomy, wanted)["blocked"]) == 2
        with pytest.raises(Conflict, match="being frozen"):
            change_ask(taxonomy, wanted, by=member.user)

    def test_only_the_last_change_can_be_undone(self, of, change, member):
        first = change("rename", of("bus"), name="coach")
        second = change("rename", of("coach"), name="omnibus")
        with pytest.raises(Conflict, match="later change"):
            undo_ask(first, by=member.user)
        undone(second, member)
        undone(TaxonomyChange.objects.get(id=first.id), member)
        assert of("bus")


class TestCancelled:
    @pytest.fixture
    def merge(self, taxonomy, of, member):
        wanted = wanted_of(taxonomy, "merge", {"category": of("car").id, "others": [of("bus").id]})
        return lambda: change_ask(taxonomy, wanted, by=member.user)

    def test_before_it_began_it_holds_the_taxonomy_no_longer(self, merge):
        asked = merge()
        cancel(asked.job)
        asked.refresh_from_db()
        assert asked.state == TaxonomyChange.State.UNDONE
        assert merge().state == TaxonomyChange.State.ASKED

    def test_half_way_it_is_undone_or_tried_again(self, merge, of, box, member, monkeypatch):
        boxes = [box("bus"), box("bus")]
        monkeypatch.setattr(taxonomy_change, "CHUNK", 1)
        asked = merge()

        def stop(done, total):
            if done:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            change_run(asked, stop)
        with pytest.raises(Conflict, match="under way"):
            merge()
        with pytest.raises(Conflict, match="is asked"):
            undo_ask(asked, by=member.user)
        cancel(asked.job)
        with pytest.raises(Conflict, match="half-way"):
            merge()
        assert undone(asked, member) == {"moved": 1, "kept": 0, "categories_kept": 0}
        assert {Box.rows.get(id=one.id).category for one in boxes} == {of("bus")}
        assert merge()
