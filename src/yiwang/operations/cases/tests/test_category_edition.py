"""The shipped edition: complete, free of doubles, and clear about what it does not know."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from yiwang.core import registry
from yiwang.core.calendars.rules import Limit, LimitKind
from yiwang.core.codes.declare import BadDeclaration, Label
from yiwang.operations.cases.categories import edition as category_edition
from yiwang.operations.cases.categories import seed as category_seed
from yiwang.operations.cases.categories.edition import FOLDER, Edition, read_edition
from yiwang.operations.cases.categories.search import search_text, synonyms_in
from yiwang.operations.cases.declare import CaseCategory, FilingConditionDecl, Origin, limit

# Minor codes of each major class in the adopted table; below 50 from the end are that city's own extensions.
ADOPTED = {
    ("component", "01"): "1 2 3 4 6 10 11 14 18 23 25 26 27 28 29 30 31 37 38 39 40 45 46 49 50 51 52 54 57",
    ("component", "02"): "1 4 6 7 8 9 11 12 17 19 20 21 24 25 30",
    ("component", "03"): "1 2 3 4 5 6 7 8",
    ("component", "04"): "1 2 4 5 6 7 8 9 10",
    ("component", "05"): "3 4 6 7 8",
    ("event", "01"): "1 2 3 4 5 6 7 8 10 11 12 13 14 17 18 19 20 21 22 25 26 28 29 30 31 32 33 35 36 37 38",
    ("event", "02"): "1 2 3 4 5 6 7",
    ("event", "03"): "1 2 3 4 5 6 7 8 9 10 11 12",
    ("event", "04"): "1 2 4 5 6 10",
    ("event", "05"): "1 2 3 4 5 6 7 8",
    ("event", "06"): "2 4",
}
LOCAL = {
    ("component", "01"): "99 97 93 92 90 88 86 81 80 79 78",
    ("component", "02"): "99 86 85 84 83",
    ("component", "03"): "97 96",
    ("component", "04"): "99 98 97 96 95 94 93",
    ("component", "05"): "98",
    ("event", "01"): "99 98 97 96 95 93 92 91 90 87 84 83 82 81 80 79",
    ("event", "02"): "99",
    ("event", "03"): "99 98 97 96",
    ("event", "04"): "98 96 95 94 93 92 91",
    ("event", "05"): "96 95",
    ("event", "06"): "98 96",
}
UNITS = Path(__file__).parents[3] / "project" / "districts" / "xinzhou" / "units.csv"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_edition(registry.declarations(CaseCategory))


def find(edition: Edition, key: str) -> CaseCategory:
    return next(item for item in edition.categories if item.key == key)


@pytest.mark.parametrize(("origin", "expected"), [(Origin.ADOPTED, ADOPTED), (Origin.LOCAL, LOCAL)])
def test_every_class_of_the_adopted_table_is_there(
    edition: Edition, origin: Origin, expected: dict[tuple[str, str], str]
) -> None:
    found = {major: set[int]() for major in expected}
    for item in edition.categories:
        if item.origin is origin:
            assert item.minor is not None, item.key
            found[item.kind, item.major].add(int(item.minor))
    assert found == {major: set(map(int, codes.split())) for major, codes in expected.items()}


def test_every_class_has_both_names_words_and_a_condition(edition: Edition) -> None:
    assert len(edition.categories) == 239
    for item in edition.categories:
        assert item.name.en[0].isupper(), item.key
        assert item.name.en.isascii(), item.key
        assert item.conditions, item.key
        for condition in item.conditions:
            assert all((condition.text.zh, condition.text.en, condition.closing.zh, condition.closing.en)), (
                item.key
            )


def test_the_usual_unit_is_one_of_the_district(edition: Edition) -> None:
    lines = [line for line in UNITS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    handling = {row["code"] for row in csv.DictReader(lines) if row["handles_cases"] == "1"}
    assert {item.usual_unit for item in edition.categories} <= handling | {"street"}


@pytest.mark.parametrize(
    ("key", "text", "within"),
    [
        ("component.sewage_manhole_cover", "井盖缺失、移位或开裂", "2uh"),
        ("component.sewage_manhole_cover", "破损面积超过 25 平方厘米", "4h"),
        ("component.gas_manhole_cover", "破损面积超过 25 平方厘米", "1d"),
        ("component.gas_manhole_cover", "周边 150×150 厘米内沉降、隆起，或与路面高差超过 4 厘米", "5d"),
        ("component.heating_manhole_cover", "周边 150×150 厘米内沉降、隆起，或与路面高差超过 3 厘米", "5d"),
        ("component.storm_grate", "堵塞三分之一以上", "1d"),
        ("component.trench_slab", "盖板缺失或移位", "4uh"),
        ("component.street_light", "单灯不亮", "2d"),
        ("component.street_tree", "缺株", "15d"),
        ("event.exposed_waste", "生活垃圾暴露堆放", "4h"),
        ("event.accumulated_waste", "渣土、装修垃圾积存", "5d"),
        ("event.dirty_road", "路面有垃圾、泥污或积尘", "2h"),
        ("event.road_flooding", "积水超过 100 平方米且深度超过 15 厘米", "2uh"),
        ("event.burst_gas_pipe", "管道破裂泄漏", "1uh"),
        ("event.illegal_building", "正在搭建", "48uh"),
    ],
)
def test_limits_are_those_of_the_adopted_table(edition: Edition, key: str, text: str, within: str) -> None:
    (condition,) = [row for row in find(edition, key).conditions if row.text.zh == text]
    assert condition.limit == limit(within)
    assert not condition.is_default


def test_a_class_without_an_adopted_row_gets_the_unverified_default(edition: Edition) -> None:
    (plain,) = find(edition, "component.phone_booth").conditions
    assert plain.is_default
    assert plain.limit == Limit(LimitKind.WORKING_DAY, Decimal(5))
    (emergency,) = find(edition, "event.mass_incident").conditions
    assert emergency.is_default
    assert emergency.limit == Limit(LimitKind.URGENT_HOUR, Decimal(4))


def test_codes_of_the_two_lists_and_of_machine_vision_are_kept_apart(edition: Edition) -> None:
    assert edition.codes(find(edition, "event.overflowing_bin")) == [
        ("gbt_30428_2", "0192"),
        ("vision", "overflowing_bin"),
    ]
    hawker = edition.codes(find(edition, "event.unlicensed_hawker"))
    assert dict(hawker) == {"gbt_30428_2": "0401", "cjt_214_2007": "0501", "vision": "unlicensed_hawker"}
    collapse = dict(edition.codes(find(edition, "event.road_collapse")))
    assert collapse == {"gbt_30428_2": "0505", "cjt_214_2007": "0401"}
    assert edition.codes(find(edition, "component.tv_manhole_cover")) == [("cjt_214_2007", "0108")]
    assert len(edition.vision) == 10


def test_a_gap_has_no_code_unless_inferred(edition: Edition) -> None:
    inferred = {
        item.key: item.code for item in edition.categories if item.origin is Origin.INFERRED and item.code
    }
    assert inferred == {
        "event.low_outdoor_unit": "0109",
        "event.water_order": "0127",
        "event.abandoned_vehicle": "0134",
        "event.begging": "0403",
        "event.misparked_vehicle": "0409",
    }
    assert all(item.code is None for item in edition.categories if item.origin is Origin.LEGACY)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("垃圾", "event.exposed_waste"),
        ("ljmy", "event.overflowing_bin"),
        ("井盖", "component.unidentified_manhole_cover"),
        ("wsjg", "component.sewage_manhole_cover"),
        ("yinjinggai", "component.storm_manhole_cover"),
        ("路灯不亮", "component.street_light"),
        ("ludeng", "component.street_light"),
        ("占道", "event.trading_on_road"),
        ("违停", "event.misparked_vehicle"),
        ("积水", "event.road_flooding"),
        ("street light", "component.street_light"),
    ],
)
def test_ordinary_words_find_the_class(edition: Edition, words: str, key: str) -> None:
    found = find(edition, key)
    assert words in search_text(found.name, found.synonyms)


def test_a_class_says_the_words_that_people_use_back(edition: Edition) -> None:
    light = find(edition, "component.street_light")
    said = synonyms_in(search_text(light.name, light.synonyms), light.name)
    assert said == list(light.synonyms)


def test_limits_by_management_class_and_stricter_requests_can_be_declared() -> None:
    row = replace(ROW, area_limits=(("A", limit("4h")), ("B", limit("1d"))))
    assert replace(SAMPLE, conditions=(row,)).conditions[0].area_limits[0][1].amount == 4
    assert list(category_edition._area_limits("A:4h B:1d")) == list(row.area_limits)
    for wrong in ((("D", limit("1d")),), (("A", limit("1d")), ("A", limit("2d")))):
        with pytest.raises(BadDeclaration, match="limits by area go by the classes A, B, C, each once"):
            replace(SAMPLE, conditions=(replace(ROW, area_limits=wrong),))


def test_what_can_be_declared_since_does_not_change_the_digest_of_what_is_loaded(edition: Edition) -> None:
    found = find(edition, "component.street_light")
    before = {"key": found.key, "told": category_seed._told(found)}
    assert "requests" not in before["told"]
    assert all(not {"area_limits", "handling"} & row.keys() for row in before["told"]["conditions"])
    stricter = replace(found, requests={"extension": {"most": 0}})
    assert category_seed._told(stricter)["requests"] == {"extension": {"most": 0}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2uh", Limit(LimitKind.URGENT_HOUR, Decimal(2))),
        ("4h", Limit(LimitKind.WORKING_HOUR, Decimal(4))),
        ("0.5d", Limit(LimitKind.WORKING_DAY, Decimal("0.5"))),
        ("3nd", Limit(LimitKind.NATURAL_DAY, Decimal(3))),
    ],
)
def test_a_limit_in_short(text: str, expected: Limit) -> None:
    assert limit(text) == expected


@pytest.mark.parametrize("text", ["", "4", "h", "4 h", "-1d", "2ud"])
def test_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadDeclaration, match="a limit is"):
        limit(text)


SAMPLE = CaseCategory("event.sample", "01", "77", Label("样例", "Sample"), Origin.LOCAL, "water")
ROW = FilingConditionDecl(Label("有", "Is"), limit("1d"), Label("无", "Is not"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: replace(SAMPLE, key="sample"), "component.slug or event.slug"),
        (lambda: replace(SAMPLE, key="event.Sample"), "component.slug or event.slug"),
        (lambda: replace(SAMPLE, major="1"), "major must be two digits"),
        (lambda: replace(SAMPLE, minor="123"), "minor must be two digits"),
        (lambda: replace(SAMPLE, legacy_code="12"), "legacy_code must be four digits"),
        (lambda: replace(SAMPLE, name=Label("样例", "")), "both zh and en"),
        (lambda: replace(SAMPLE, usual_unit=""), "usual_unit is missing"),
        (lambda: replace(SAMPLE, edition="now"), "an edition is"),
        (lambda: replace(SAMPLE, conditions=(ROW, ROW)), "a condition stands there twice"),
    ],
)
def test_a_broken_declaration_says_what_is_wrong(change: Callable[[], object], message: str) -> None:
    with pytest.raises(BadDeclaration, match=message):
        change()


def test_what_sectors_declare_comes_on_top(edition: Edition) -> None:
    merged = read_edition([SAMPLE])
    assert find(merged, "event.sample").conditions[0].is_default
    assert len(merged.categories) == len(read_edition().categories) + 1


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (replace(SAMPLE, key="event.exposed_waste"), "category stands there twice: event.exposed_waste"),
        (replace(SAMPLE, name=Label("暴露生活垃圾", "Waste")), "name stands there twice: event 暴露生活垃圾"),
        (replace(SAMPLE, minor="10"), "code of gbt_30428_2 stands there twice: event 0110"),
        (replace(SAMPLE, legacy_code="0102"), "code of cjt_214_2007 stands there twice: event 0102"),
        (replace(SAMPLE, major="42"), "there is no major class 42 of events"),
        (replace(SAMPLE, edition="2031.1"), r"edition 2031\.1 is not 2026\.1"),
    ],
)
def test_a_declaration_that_clashes_with_the_edition_is_refused(declared: CaseCategory, message: str) -> None:
    with pytest.raises(BadDeclaration, match=message):
        read_edition([declared])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "edition"))


def test_a_condition_for_nothing_is_refused(copy: Path) -> None:
    with (copy / "conditions.csv").open("a", encoding="utf-8") as file:
        file.write("event.nothing,1d,有,Is,无,Is not\n")
    with pytest.raises(BadDeclaration, match=r"not there: \['event\.nothing'\]"):
        read_edition(folder=copy)


def test_a_vision_class_for_nothing_is_refused(copy: Path) -> None:
    with (copy / "vision_classes.csv").open("a", encoding="utf-8") as file:
        file.write("fire,火,Fire,event.fire\n")
    with pytest.raises(BadDeclaration, match=r"not there: \['event\.fire'\]"):
        read_edition(folder=copy)


def test_a_class_that_ends_up_without_a_condition_is_refused(copy: Path) -> None:
    lines = (copy / "conditions.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("default:component")]
    (copy / "conditions.csv").write_text("".join(kept), encoding="utf-8")
    with pytest.raises(BadDeclaration, match="no condition, and no default for components"):
        read_edition(folder=copy)


def test_known_gaps_are_said_in_both_languages(edition: Edition) -> None:
    raw = json.loads((FOLDER / "edition.json").read_text(encoding="utf-8"))
    assert len(edition.gaps) == len(raw["known_gaps"]) >= 9
    assert all(gap["key"] and gap["zh"] and gap["en"] for gap in edition.gaps)
