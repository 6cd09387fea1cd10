"""Units are moved, merged, renamed and closed; people and histories stay whole."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts import actions, declare, queries, reorganisation, rules
from yiwang.core.accounts.declare import Concern
from yiwang.core.accounts.models import Assignment, Unit, UnitChange, User
from yiwang.core.accounts.tests.people import SYSTEM, Browser, actor, person, unit
from yiwang.core.audit.models import Entry
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.events.models import OutboxEvent

paths = st.lists(st.integers(1, 99), min_size=1, max_size=5).map(lambda ids: "".join(f"{n}." for n in ids))


@given(paths, paths, paths)
def test_a_path_changes_its_beginning_and_nothing_else(old: str, new: str, rest: str) -> None:
    assert rules.new_path(old + rest, old, new) == new + rest
    assert rules.new_path(old, old, new) == new
    assert not rules.may_come_under(old, old + rest)


class Town:
    """A tree: root > bureau > (water > pumps, roads), root > street; who sits at water and below."""

    def __init__(self) -> None:
        self.root = unit("root")
        self.bureau = unit("bureau", self.root)
        self.water = unit("water", self.bureau, handles=True)
        self.pumps = unit("pumps", self.water, handles=True)
        self.roads = unit("roads", self.bureau, handles=True)
        self.street = unit("street", self.root)
        self.admin = person("admin", "accounts.reorganise_units", at=self.root)
        self.clerk = person("clerk", "cases.handle_case", at=self.water)
        self.pumper = person("pumper", "cases.handle_case", at=self.pumps)
        self.roader = person("roader", "cases.handle_case", at=self.roads)

    def again(self, one: Unit) -> Unit:
        return Unit.objects.get(pk=one.pk)


@pytest.fixture
def town(db: None) -> Town:
    return Town()


@pytest.fixture
def open_work(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """How much other rooms have open, by unit."""
    work: dict[int, int] = {}

    def count(units: Collection[int]) -> int:
        return sum(work.get(one, 0) for one in units)

    concern = Concern("tests.things", {"zh": "事项", "en": "Things"}, count, is_open_work=True)
    monkeypatch.setattr(reorganisation, "concerns", lambda: (concern,))
    return work


def told(kind: str) -> list[dict[str, object]]:
    return [row.payload for row in OutboxEvent.objects.filter(type=kind).order_by("pk")]


def test_a_move_takes_all_below_along_and_is_written_down(town: Town) -> None:
    old = town.water.path
    moved = reorganisation.move(
        actor(town.admin), town.water.pk, parent_id=town.street.pk, note="新编〔2026〕1号"
    )
    assert moved.path == f"{town.street.path}{town.water.pk}."
    assert town.again(town.pumps).path == f"{moved.path}{town.pumps.pk}."
    assert town.again(town.roads).path == town.roads.path
    assert told("unit.moved") == [{"unit_id": town.water.pk, "old_path": old, "new_path": moved.path}]
    change = UnitChange.objects.get()
    assert (change.kind, change.into, change.before["path"], change.note) == (
        "moved", town.street, old, "新编〔2026〕1号",
    )  # fmt: skip
    assert Entry.objects.filter(action="accounts.unit_moved", object_id=str(town.water.pk)).exists()
    assert actor(town.pumper).assignments[0].unit_path.startswith(town.street.path)


def test_declared_data_does_not_undo_a_reorganisation(town: Town) -> None:
    reorganisation.move(actor(town.admin), town.water.pk, parent_id=town.street.pk, note="")
    actions.save_unit("water", parent=town.bureau, name="旧名", short_name="旧", kind="bureau")
    assert town.again(town.water).parent == town.street
    assert town.again(town.water).name == "单位water"
    actions.save_unit("roads", parent=town.bureau, name="新名", short_name="新", kind="bureau")
    assert town.again(town.roads).name == "新名"


@pytest.mark.parametrize(
    ("who", "where", "code"),
    [
        ("water", "pumps", "under_itself"),
        ("water", "water", "under_itself"),
        ("water", "bureau", "already_there"),
        ("root", "street", "under_itself"),
    ],
)
def test_places_that_make_no_tree_are_refused(town: Town, who: str, where: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        reorganisation.move(
            actor(town.admin), getattr(town, who).pk, parent_id=getattr(town, where).pk, note=""
        )


def test_only_within_ones_own_subtree(town: Town) -> None:
    chief = person("chief", "accounts.reorganise_units", at=town.street)
    with pytest.raises(Refused, match="unit_not_yours"):
        reorganisation.move(actor(chief), town.water.pk, parent_id=town.street.pk, note="")
    with pytest.raises(NotFound):
        reorganisation.move(actor(town.admin), 9_999_999, parent_id=town.street.pk, note="")


def test_a_merge_brings_people_posts_and_units_along_and_closes_the_old_below_the_new(town: Town) -> None:
    before = {row.pk for row in Assignment.objects.all()}
    actions.save_post(town.roads, "post-clerk", name="同名岗")
    reorganisation.merge(actor(town.admin), town.water.pk, into_id=town.roads.pk, note="")
    old = town.again(town.water)
    assert (old.valid_to, old.successor, old.path) == (
        clock.today(), town.roads, f"{town.roads.path}{old.pk}.",
    )  # fmt: skip
    assert old not in queries.units()
    assert town.again(town.pumps).parent == town.roads
    [scope] = actor(town.clerk).assignments
    assert (scope.unit_path, scope.unit_name) == (town.roads.path, "roads")
    assert {row.pk for row in Assignment.objects.all()} == before, "assignments stay themselves"
    assert told("unit.merged") == [{"unit_id": old.pk, "successor_id": town.roads.pk}]
    people = {row["user_id"] for row in told("account.authority_changed")}
    assert {str(town.clerk.pk), str(town.roader.pk)} <= people
    assert queries.successor_of(old) == town.roads
    with pytest.raises(Conflict, match="unit_ended"):
        reorganisation.move(actor(town.admin), old.pk, parent_id=town.street.pk, note="")


def test_the_line_of_successors_is_followed_to_its_end(town: Town) -> None:
    reorganisation.merge(actor(town.admin), town.pumps.pk, into_id=town.water.pk, note="")
    reorganisation.merge(actor(town.admin), town.water.pk, into_id=town.roads.pk, note="")
    assert queries.successor_of(town.again(town.pumps)) == town.roads
    assert town.again(town.pumps).path.startswith(town.roads.path)


def test_a_unit_is_found_by_the_codes_of_those_whose_work_it_took_over(town: Town) -> None:
    reorganisation.merge(actor(town.admin), town.pumps.pk, into_id=town.water.pk, note="")
    reorganisation.merge(actor(town.admin), town.water.pk, into_id=town.roads.pk, note="")
    looker = Browser(person("looker", "accounts.view_unit"))
    shown = {row["code"]: row["took_over"] for row in looker.get("/units").json()["items"]}
    assert sorted(shown["roads"] or []) == ["pumps", "water"]
    assert shown["street"] is None


def test_the_root_stays(town: Town) -> None:
    other = unit("other")
    boss = person("boss", "accounts.reorganise_units", at=town.root)
    Assignment.objects.create(
        user=boss, post=boss.assignments.get().post, role=boss.assignments.get().role, unit=other,
        valid_from=clock.today(),
    )  # fmt: skip
    with pytest.raises(Refused, match="root_stays"):
        reorganisation.merge(actor(boss), town.root.pk, into_id=other.pk, note="")


def test_a_unit_with_open_work_ends_only_with_a_successor(town: Town, open_work: dict[int, int]) -> None:
    open_work[town.roads.pk] = 3
    admin, today = actor(town.admin), clock.today()
    with pytest.raises(Conflict) as refused:
        reorganisation.close(admin, town.roads.pk, on=today, successor_id=None, note="")
    assert (refused.value.code, refused.value.params) == ("open_work", {"tests.things": 3})
    reorganisation.close(admin, town.roads.pk, on=today, successor_id=town.water.pk, note="")
    assert told("unit.closed") == [{"unit_id": town.roads.pk, "successor_id": town.water.pk}]
    assert not actor(town.roader).assignments


def test_a_unit_without_any_ends_by_itself_when_nothing_is_below(
    town: Town, open_work: dict[int, int]
) -> None:
    admin, today = actor(town.admin), clock.today()
    with pytest.raises(Conflict, match="units_below"):
        reorganisation.close(admin, town.water.pk, on=today, successor_id=None, note="")
    reorganisation.close(admin, town.pumps.pk, on=today, successor_id=None, note="")
    assert town.again(town.pumps).path == town.pumps.path
    with pytest.raises(Conflict, match="unit_ended"):
        reorganisation.close(admin, town.pumps.pk, on=today, successor_id=None, note="")


def test_a_day_to_come_is_waited_for(town: Town, open_work: dict[int, int]) -> None:
    admin, day = actor(town.admin), clock.today() + timedelta(days=10)
    with pytest.raises(Conflict, match="successor_needed"):
        reorganisation.close(admin, town.roads.pk, on=day, successor_id=None, note="")
    with pytest.raises(Invalid, match="in_the_past"):
        reorganisation.close(
            admin, town.roads.pk, on=clock.today() - timedelta(1), successor_id=None, note=""
        )
    reorganisation.close(admin, town.roads.pk, on=day, successor_id=town.water.pk, note="")
    assert told("unit.closed") == []
    assert actor(town.roader).can("cases.handle_case")
    assert reorganisation.carry_out_closings(day - timedelta(days=1)) == 0
    with clock.frozen(clock.now() + timedelta(days=10)):
        assert reorganisation.carry_out_closings(clock.today()) == 1
        assert reorganisation.carry_out_closings(clock.today()) == 0
        assert not actor(town.roader).assignments
    assert len(told("unit.closed")) == 1
    assert town.again(town.roads).path.startswith(town.again(town.water).path)


def test_over_http(town: Town, open_work: dict[int, int]) -> None:
    open_work[town.water.pk] = 2
    browser = Browser(town.admin)
    shown = browser.get(f"/units/{town.water.pk}/reorganisation", into=town.roads.pk).json()
    assert [row["code"] for row in shown["units_below"]] == ["pumps"]
    assert (shown["people"], shown["posts"], shown["assignments"]) == (1, 1, 1)
    assert [(row["key"], row["count"]) for row in shown["concerns"]] == [("tests.things", 2)]
    assert shown["problems"] == []
    assert browser.get(f"/units/{town.water.pk}/reorganisation").json()["problems"] == [
        "units_below",
        "open_work",
    ]
    named = browser.post(
        f"/units/{town.water.pk}/rename", {"name": "水务和湖泊局", "short_name": "水务局", "note": "三定"}
    )
    assert (named.status_code, named.json()["short_name"]) == (200, "水务局")
    merged = browser.post(f"/units/{town.water.pk}/merge", {"into_id": town.roads.pk, "note": "三定"})
    assert merged.json()["successor_id"] == town.roads.pk
    history = browser.get(f"/units/{town.water.pk}/changes")
    assert history.status_code == 403, "this one may reorganise and not look at units"
    looker = Browser(person("looker", "accounts.view_unit"))
    told_of = looker.get(f"/units/{town.water.pk}/changes").json()
    assert [row["kind"] for row in told_of["items"]] == ["renamed", "merged"]
    assert told_of["items"][0]["before"]["short_name"] == "water"
    assert looker.get(f"/units/{town.roads.pk}/changes").json()["predecessors"][0]["short_name"] == "水务局"
    codes = [row["code"] for row in looker.get("/units").json()["items"]]
    assert "water" not in codes
    assert "water" in [row["code"] for row in looker.get("/units", ended="true").json()["items"]]
    assert looker.post(f"/units/{town.roads.pk}/close", {"on": "2030-01-01"}).status_code == 403


def test_concerns_of_the_installed_rooms_can_be_asked(town: Town) -> None:
    for concern in declare.concerns():
        assert concern.count([town.water.pk]) == 0
        assert concern.label["zh"]
        assert concern.label["en"]


def test_people_of_a_merged_unit_are_still_people(town: Town) -> None:
    reorganisation.merge(actor(town.admin), town.water.pk, into_id=town.roads.pk, note="")
    assert User.objects.filter(pk=town.clerk.pk, is_active=True).exists()
    assert set(queries.holders("cases.handle_case", unit_path=town.roads.path)) == {town.clerk, town.roader}
    with pytest.raises(Refused):
        reorganisation.merge(SYSTEM, town.root.pk, into_id=unit("lonely").pk, note="")


def test_a_unit_that_is_to_end_takes_no_other_in_and_ends_once(town: Town) -> None:
    admin, day = actor(town.admin), clock.today() + timedelta(days=10)
    reorganisation.close(admin, town.roads.pk, on=day, successor_id=town.water.pk, note="")
    with pytest.raises(Conflict, match="unit_ended"):
        reorganisation.close(admin, town.water.pk, on=day, successor_id=town.roads.pk, note="")
    with pytest.raises(Conflict, match="unit_ended"):
        reorganisation.merge(admin, town.street.pk, into_id=town.roads.pk, note="")
    with pytest.raises(Conflict, match="unit_ended"):
        reorganisation.merge(admin, town.roads.pk, into_id=town.street.pk, note="")


def test_closings_of_one_day_leave_a_whole_tree_whatever_was_moved_meanwhile(town: Town) -> None:
    admin, day = actor(town.admin), clock.today() + timedelta(days=10)
    reorganisation.close(admin, town.bureau.pk, on=day, successor_id=town.street.pk, note="")
    reorganisation.close(admin, town.water.pk, on=day, successor_id=town.roads.pk, note="")
    reorganisation.move(admin, town.street.pk, parent_id=town.roads.pk, note="")
    with clock.frozen(clock.now() + timedelta(days=10)):
        assert reorganisation.carry_out_closings(clock.today()) == 2
    units = {one.pk: one for one in Unit.objects.all()}
    for one in units.values():
        above = units[one.parent_id].path if one.parent_id else ""
        assert one.path == f"{above}{one.pk}.", one.code
    assert town.again(town.pumps).parent_id == town.roads.pk
    assert town.again(town.bureau).parent_id == town.street.pk
