"""In which order codes stand, and how few of them can have been moved."""

from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.codes.declare import Confidence, Label
from yiwang.core.codes.queries import Code
from yiwang.core.codes.rules import Change, changes, in_order, moved

CODES = st.lists(st.sampled_from("abcdefghij"), unique=True)


@given(CODES, CODES)
def test_every_declared_code_stands_there_once_and_what_was_put_in_order_keeps_it(
    declared: list[str], wanted: list[str]
) -> None:
    found = in_order(declared, wanted)
    assert sorted(found) == sorted(declared)
    kept = [code for code in wanted if code in declared]
    assert [code for code in found if code in wanted] == kept
    assert in_order(declared, found) == found
    assert in_order(declared, []) == declared


def test_what_an_upgrade_brings_stands_behind_its_neighbour() -> None:
    assert in_order(["a", "b", "new", "c"], ["c", "b", "a"]) == ["c", "b", "new", "a"]
    assert in_order(["new", "a", "b"], ["b", "a"]) == ["new", "b", "a"]


@given(CODES.flatmap(lambda codes: st.tuples(st.just(codes), st.permutations(codes))))
def test_the_rest_stands_as_shipped_without_those_that_were_moved(pair: tuple[list[str], list[str]]) -> None:
    shipped, local = pair
    gone = set(moved(shipped, local))
    assert [code for code in shipped if code not in gone] == [code for code in local if code not in gone]
    assert moved(shipped, shipped) == []


def test_one_that_was_moved_far_is_one_and_not_all_between() -> None:
    assert moved(["a", "b", "c", "d"], ["d", "a", "b", "c"]) == ["d"]
    assert moved(["a", "b", "c", "d"], ["b", "c", "d", "a"]) == ["a"]


def test_the_district_adds_rewords_and_switches() -> None:
    def code(key: str, name: str = "甲", active: bool = True) -> Code:
        return Code(key, Label(name, name), None, active, Confidence.ADOPTED)

    shipped = [code("a"), code("b"), code("c")]
    own = [code("a", "乙"), code("b", active=False), code("c"), code("mine")]
    assert list(changes(shipped, own)) == [
        Change("a", "name", Label("甲", "甲"), Label("乙", "乙")),
        Change("b", "active", True, False),
        Change("mine", "added", None, Label("甲", "甲")),
    ]
