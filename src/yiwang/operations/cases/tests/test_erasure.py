"""A person's values are erased: they are nowhere in the database, the chain still holds, and the record says so."""

from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.audit import queries as audit
from yiwang.core.audit import sealer
from yiwang.core.audit.models import Entry, PersonalValue
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.masking import masked_phone
from yiwang.operations.cases import actions, answers, erasure
from yiwang.operations.cases.models import Answer, Case, Reporter, Step
from yiwang.operations.cases.rules import Given
from yiwang.operations.cases.rules.words import without_person
from yiwang.operations.cases.tests.district import District, Walk

NAME, PHONE = "欧阳晓菲", "13907127788"
WORDS = f"{NAME}来电（{PHONE}）反映路口有暴露垃圾"


def found_in(value: str) -> list[str]:
    """The tables of the database in which a text stands somewhere, also as bytes."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        hits = []
        for table in tables:
            pattern = f"%{value}%"
            as_bytes = f"%{value.encode().hex()}%"
            cursor.execute(
                f'select exists(select from "{table}" t where t::text like %s or t::text like %s)',
                [pattern, as_bytes],
            )
            if cursor.fetchone()[0]:
                hits.append(table)
    return hits


@pytest.fixture
def chief(district: District) -> User:
    return people.person("chief", "cases.view_case", "cases.erase_reporter", areas=["420117"])


def reported(district: District) -> Walk:
    return Walk(district, reporter_name=NAME, reporter_phone=PHONE, description=WORDS)


def seal() -> None:
    while sealer.seal_batch():
        pass


def test_the_audit_holds_a_reporters_values_so_that_they_can_be_erased(district: District) -> None:
    walk = reported(district)
    entry = Entry.objects.get(object_type="case", object_id=str(walk.case.pk))
    values = {item.field: item.value for item in audit.personal_values(entry)}
    assert values == {"reporter.name": NAME, "reporter.phone": PHONE}
    assert NAME not in str(entry.document())
    without = Walk(district, reporter_name="", reporter_phone="").case
    assert Entry.objects.get(object_id=str(without.pk)).personal == []


def test_the_values_are_nowhere_afterwards_and_the_record_and_the_chain_stay(
    district: District, chief: User
) -> None:
    walk = reported(district)
    walk.step("shift", "register", condition_id=district.condition.pk)
    walk.step("dispatcher", "dispatch", unit_id=district.unit.pk, note=f"请先联系{PHONE}")
    seal()
    assert audit.verify().ok
    sealed = audit.verify().sealed
    assert {"cases_reporter", "cases_case", "cases_step"} <= set(found_in(PHONE))
    erasure.erase_reporter(people.actor(chief), walk.case.pk, reason="当事人申请〔2026〕7号")
    assert found_in(PHONE) == []
    assert found_in(NAME) == []
    seal()
    report = audit.verify()
    assert report.ok, str(report)
    assert report.sealed > sealed
    entry = Entry.objects.filter(object_type="case", object_id=str(walk.case.pk)).order_by("id")[0]
    assert [item.value for item in audit.personal_values(entry)] == [None, None]
    assert len(entry.personal) == 2, "that there was something stays to be seen"
    assert not PersonalValue.objects.filter(entry=entry).exists()
    case = Case.objects.get(pk=walk.case.pk)
    assert case.description == f"欧***来电（{masked_phone(PHONE)}）反映路口有暴露垃圾"
    step = Step.objects.get(case=case, verb="erase_reporter")
    assert (step.actor_name, step.note, step.seq) == ("人chief", "当事人申请〔2026〕7号", case.version + 1)
    assert Entry.objects.filter(action="cases.erase_reporter", object_id=str(case.pk)).exists()


def test_words_of_approvals_and_of_cases_bound_to_it_are_masked_too(district: District, chief: User) -> None:
    bound, walk = Walk(district), reported(district)
    bound.step("acceptor", "merge", main_case_id=walk.case.pk)
    walk.to("handling")
    walk.step("clerk", "ask_return", note=f"{NAME}说不归我们管")
    walk.step("dispatcher", "approve_return", note=f"已问{PHONE}")
    walk.step("shift", "refuse_return", note=f"{NAME}确认过")
    walk.to("pending_close")
    walk.step("shift", "close", note=f"已告知{NAME}，电话{PHONE}")
    told = Answer.objects.get(case=bound.case)
    answers.tell(district.actor("acceptor"), bound.case.pk, told.pk, f"与{NAME}同住")
    assert {"cases_approval", "cases_answer"} <= set(found_in(NAME))
    erasure.erase_reporter(people.actor(chief), walk.case.pk, reason="申请")
    assert found_in(NAME) == found_in(PHONE) == []


def test_the_case_goes_on(district: District, chief: User) -> None:
    walk = reported(district).to("handling")
    erasure.erase_reporter(people.actor(chief), walk.case.pk, reason="申请")
    walk.case.refresh_from_db()
    walk.to("closed")
    with pytest.raises(Conflict, match="no_reporter"):
        erasure.erase_reporter(people.actor(chief), walk.case.pk, reason="申请")


def test_another_persons_values_stay(district: District, chief: User) -> None:
    kept = Walk(district).case
    walk = reported(district)
    erasure.erase_reporter(people.actor(chief), walk.case.pk, reason="申请")
    assert Reporter.objects.get(case=kept).name == "王小明"
    entry = Entry.objects.filter(object_id=str(kept.pk)).order_by("id")[0]
    assert {item.value for item in audit.personal_values(entry)} == {"王小明", "13812345678"}


def test_refusals(district: District, chief: User) -> None:
    walk = reported(district)
    actor = people.actor(chief)
    with pytest.raises(Invalid, match="required"):
        erasure.erase_reporter(actor, walk.case.pk, reason="  ")
    with pytest.raises(Invalid, match="names_the_person"):
        erasure.erase_reporter(actor, walk.case.pk, reason=f"{NAME}申请")
    elsewhere = people.person("elsewhere", "cases.view_case", "cases.erase_reporter", areas=["420117002"])
    with pytest.raises(NotFound):
        erasure.erase_reporter(people.actor(elsewhere), walk.case.pk, reason="申请")
    viewer = people.person("viewer", "cases.view_case", areas=["420117"])
    with pytest.raises(Refused):
        erasure.erase_reporter(people.actor(viewer), walk.case.pk, reason="申请")
    assert found_in(PHONE)


def test_over_http_and_an_answer_kept_for_a_retry_goes_too(district: District, chief: User) -> None:
    acceptor = Browser(district.acceptor)
    made = acceptor.post(
        "/cases",
        {
            "category": "event.exposed_waste", "description": "路口有垃圾", "lon": 114.80, "lat": 30.86,
            "source": "hotline_12345", "reporter": {"name": NAME, "phone": PHONE},
        },
    )  # fmt: skip
    assert made.status_code == 201, made.content
    case_id = UUID(made.json()["id"])
    assert "http_givenanswer" in found_in(PHONE)
    assert acceptor.post(f"/cases/{case_id}/erase-reporter", {"reason": "申请"}).status_code == 403
    browser = Browser(chief)
    erased = browser.post(f"/cases/{case_id}/erase-reporter", {"reason": "申请"})
    assert erased.status_code == 200, erased.content
    assert (erased.json()["reporter"]["name"], erased.json()["reporter"]["phone"]) == ("", "")
    assert erased.json()["reporter"]["erased_at"]
    assert [row["label"]["zh"] for row in erased.json()["timeline"]][-1] == "抹除报案人信息"
    assert found_in(PHONE) == []


def test_two_at_once_erase_once_and_a_step_meanwhile_is_told(district: District, chief: User) -> None:
    walk = reported(district)
    erasure.erase_reporter(people.actor(chief), walk.case.pk, reason="申请")
    with pytest.raises(Conflict, match="case_changed"):
        actions.advance(
            district.actor("shift"),
            walk.case.pk,
            verb="register",
            expected_version=walk.case.version,
            given=Given(condition_id=district.condition.pk),
        )


@given(
    st.text(max_size=40), st.text(min_size=2, max_size=6), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
)
def test_a_person_is_masked_wherever_they_stand(text: str, name: str, phone: str) -> None:
    shown = without_person(f"{text}{phone}，{name}", "", phone)
    assert phone not in shown
    assert without_person(text, "", "") == text
