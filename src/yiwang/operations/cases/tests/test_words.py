"""Cases are found by their words; the database cuts them as the rules say."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.core.accounts.tests.people import Browser
from yiwang.operations.cases import queries, words
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.queries import Filters
from yiwang.operations.cases.tests.district import District, Walk

SIGNS = "井盖破损路灯不亮垃圾々〇龥豈𠀀ａＢＣａbcXYZ０１23　 ，。-－_/\\'\"&|!:()<>*#\n\t～①㈱éß"
TEXTS = st.lists(st.text(st.sampled_from(SIGNS), max_size=40), min_size=1, max_size=40)


def cut(texts: list[tuple[str, str, str]]) -> list[dict[str, list[int]]]:
    """The pieces that the database makes of number, description and address, with their places."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select json_object_agg(lexeme, coalesce(positions, '{}'))"
            " from unnest(cases_words_of(n, d, a)))::text"
            " from unnest(%s::text[], %s::text[], %s::text[]) with ordinality as t(n, d, a, i) order by i",
            [list(column) for column in zip(*texts, strict=True)],
        )
        return [json.loads(row[0] or "{}") for row in cursor.fetchall()]


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS)
def test_the_database_cuts_as_the_rules_do(texts: list[str]) -> None:
    rows = [(text[::-1], text, texts[0]) for text in texts]
    for (number, description, address), found in zip(rows, cut(rows), strict=True):
        wanted = words.pieces(f"{description} ~ {address}")
        assert {(piece, at) for piece, places in found.items() for at in places} == wanted
        bare = {piece for piece, places in found.items() if not places}
        assert bare == words.number_pieces(number)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("井盖破", {("井盖", 1), ("盖破", 2), ("破", 3)}),
        ("Ｋ３＋路", {("k", 1), ("3", 2), ("路", 4)}),
        ("A7县，灯", {("a", 1), ("7", 2), ("县", 3), ("灯", 5)}),
        ("DN300\n", {("dn", 1), ("300", 2)}),
        ("，。", set()),
        ("", set()),
    ],
)
def test_pieces(text: str, pieces: set[tuple[str, int]]) -> None:
    assert words.pieces(text) == pieces


@pytest.mark.parametrize(
    ("q", "question"),
    [
        ("垃圾", "(('垃圾'))"),
        ("垃圾箱 路", "(('垃圾' <1> '圾箱')) & (('路':*))"),
        ("a7县", "(('a' <1> '7' <1> '县':*))"),
        ("K3-500", "(('k' <1> '3' <2> '500':*))"),
        ("x", "(('x'))"),
        ("ma", "(('ma':*))"),
        ("00012", "(('00012':* | '#00012'))"),
        ("，", ""),
        ("", ""),
        ("' & | ! <-> :*", ""),
    ],
)
def test_questions(q: str, question: str) -> None:
    if "#" in question:
        assert words.question(q) == "(('00012':*) | '#00012')"
    else:
        assert words.question(q) == question


@given(st.text(st.sampled_from(SIGNS)) | st.text())
def test_any_question_can_be_put(q: str) -> None:
    assert words.question(q).count("'") % 2 == 0


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.text(st.sampled_from(SIGNS), max_size=12), min_size=1, max_size=30))
def test_the_database_takes_any_question(questions: list[str]) -> None:
    with connection.cursor() as cursor:
        asked = [words.question(q) for q in questions]
        cursor.execute("select count(q::tsquery) from unnest(%s::text[]) q", [asked])


MIXED = "汪集街Ｋ３＋500处井盖破损，型号DN300；请尽快处理"


def found(district: District, q: str) -> list[str]:
    rows = queries.filtered(district.actor("acceptor"), Filters(q=q))
    return list(rows.values_list("description", flat=True))


def test_a_list_is_narrowed_by_words(district: District) -> None:
    Walk(district, description=MIXED)
    Walk(district, description="路灯不亮")
    answer = Browser(district.acceptor).get("/cases", q="井盖 k3")
    assert answer.status_code == 200, answer.content
    assert [item["description"] for item in answer.json()["items"]] == [MIXED]
    assert answer.json()["total"] == {"value": 1, "capped": False}


STANDING = (
    "井盖|井|破损 井盖|盖破损|dn300|DN|ＤＮ３００|k3|300|损 处|汪集街k3|MIXED|ｍｉｘｅｄ road|12号|邾城 井盖"
)


def test_a_case_is_found_by_words_that_stand_in_it(district: District) -> None:
    case = Walk(district, description=MIXED, address="邾城街道Mixed Road 12号").case
    Walk(district, description="路灯不亮", address="阳逻")
    for q in STANDING.split("|"):
        assert found(district, q) == [case.description], q
    assert len(found(district, " ")) == 2


FOREIGN = "盖井|井盖路|井盖 路灯|破井|n300|？|é|损，型x|王小明|13812345678|井盖 42011799|2号|oad"


def test_a_case_is_not_found_by_words_that_do_not(district: District) -> None:
    Walk(district, description=MIXED, address="邾城街道Mixed Road 12号")
    for q in FOREIGN.split("|"):
        assert found(district, q) == [], q


def test_a_case_is_found_by_its_number(district: District) -> None:
    case, other = Walk(district, description="甲").case, Walk(district, description="乙").case
    number = case.number
    for q in (number, number[6:], number[-5:], number[6:18], f"{number} 甲"):
        assert "甲" in found(district, q), q
    assert found(district, number) == ["甲"]
    assert found(district, other.number[-5:]) == ["乙"]
    assert found(district, f"{number} 乙") == []


def test_changed_words_are_found_and_gone_ones_are_not(district: District) -> None:
    case = Walk(district, description="井盖破损").case
    Case.objects.filter(pk=case.pk).update(description="路灯不亮")
    assert found(district, "路灯") == ["路灯不亮"]
    assert found(district, "井盖") == []
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from cases_words where case_id = %s", [case.pk])
        assert cursor.fetchone()[0] == 1


def test_cases_that_are_copied_in_have_their_words(district: District) -> None:
    Walk(district)
    own = ("id", "number")
    columns = [f'"{f.column}"' for f in Case._meta.concrete_fields if f.name not in own and not f.generated]
    rest = ", ".join(columns)
    with connection.cursor() as cursor:
        three = f"select gen_random_uuid(), 'HP-2026/' || n, {rest} from cases_case, generate_series(1, 3) n"
        with cursor.copy(f"copy ({three}) to stdout") as out:
            rows = b"".join(bytes(block) for block in out)
        with cursor.copy(f"copy cases_case (id, number, {rest}) from stdin") as into:
            into.write(rows)
    assert len(found(district, "暴露垃圾")) == 4
    assert len(found(district, "hp-2026")) == 3


@pytest.mark.django_db
def test_words_are_asked_of_the_index(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into cases_words select gen_random_uuid(), cases_words_of(n::text, '路灯不亮 ' || md5(n::text), '')"
            " from generate_series(1, 3000) n"
        )
        cursor.execute("select gin_clean_pending_list('cases_words_found')")
        cursor.execute("analyze cases_words")
        cursor.execute(
            "explain (format text) select case_id from cases_words where words @@ %s::tsquery",
            [words.question("井盖破损")],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "cases_words_found" in plan
