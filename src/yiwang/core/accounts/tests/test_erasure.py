"""Somebody who has left is forgotten, as far as what was done in office allows."""

from datetime import timedelta

import pytest
from django.db import connection

from yiwang.core import clock
from yiwang.core.accounts import absences, actions, erasure, queries
from yiwang.core.accounts.models import Assignment, Session, User
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import SYSTEM, Browser, actor, person, unit
from yiwang.core.audit import queries as audit
from yiwang.core.audit import sealer
from yiwang.core.audit.models import Entry, PersonalValue
from yiwang.core.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver() -> User:
    user = person("leaver", at=unit("water", unit("root")))
    actions.create_user(
        SYSTEM, username="third", name="第三人", password="Right-Horse-7", phone="13900001111"
    )
    User.objects.filter(pk=user.pk).update(phone="13811112222")
    return user


@pytest.fixture
def admin() -> User:
    return person("admin", "accounts.erase_person", at=unit("root"))


def leave(user: User) -> None:
    Assignment.objects.filter(user=user).update(valid_to=clock.today())


def test_the_account_is_a_pseudonym_afterwards_and_the_chain_holds(leaver: User, admin: User) -> None:
    Browser(leaver)
    today = clock.today()
    absences.enter(SYSTEM, absences.NewAbsence(today, today, AbsenceReason.SICK, leaver.pk, None, "腿伤"))
    leave(leaver)
    while sealer.seal_batch():
        pass
    erasure.erase_person(actor(admin), leaver.pk, reason="离职申请 3 号")
    gone = User.objects.get(pk=leaver.pk)
    assert gone.name.startswith("离职人员")
    assert (gone.phone, gone.is_active, gone.has_usable_password()) == ("", False, False)
    assert not Session.objects.filter(user_id=leaver.pk).exists()
    assert queries.actor_for_user(leaver.pk) is None
    assert not PersonalValue.objects.filter(subject=leaver.pk).exists()
    assert PersonalValue.objects.exists(), "others keep theirs"
    while sealer.seal_batch():
        pass
    assert audit.verify().ok
    assert Entry.objects.get(action="accounts.erase_person").after == {"reason": "离职申请 3 号"}
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_tables where schemaname = 'public' and tablename like 'accounts%%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'select count(*) from "{table}" t where t::text ~ %s', ["13811112222|人leaver|腿伤"]
            )
            assert cursor.fetchone()[0] == 0, table


def test_only_who_has_left_and_with_a_reason(leaver: User, admin: User) -> None:
    with pytest.raises(Conflict, match="still_employed"):
        erasure.erase_person(actor(admin), leaver.pk, reason="x")
    leave(leaver)
    with pytest.raises(Invalid, match="required"):
        erasure.erase_person(actor(admin), leaver.pk, reason="")
    with pytest.raises(Invalid, match="names_the_person"):
        erasure.erase_person(actor(admin), leaver.pk, reason="人leaver 申请")
    elsewhere = person("elsewhere", "accounts.erase_person", at=unit("roads", unit("root")))
    with pytest.raises(NotFound):
        erasure.erase_person(actor(elsewhere), leaver.pk, reason="x")
    erasure.erase_person(actor(admin), leaver.pk, reason="x")
    with pytest.raises(Conflict, match="already_erased"):
        erasure.erase_person(actor(admin), leaver.pk, reason="x")


def test_over_http(leaver: User, admin: User) -> None:
    leave(leaver)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        browser = Browser(admin)
        assert browser.post(f"/people/{leaver.pk}/erase", {"reason": "申请"}).status_code == 204
        assert browser.post(f"/people/{leaver.pk}/erase", {"reason": "申请"}).status_code == 409


def test_those_who_have_left_can_be_found_by_who_may_erase_them(leaver: User, admin: User) -> None:
    browser, other = Browser(admin), Browser(person("clerk", at=unit("elsewhere")))
    assert browser.get("/people?former=true").json()["items"] == []
    leave(leaver)
    (row,) = browser.get("/people?former=true").json()["items"]
    assert (row["username"], row["posts"], row["erased_at"]) == ("leaver", [], None)
    assert other.get("/people?former=true").json()["items"] == []
    erasure.erase_person(actor(admin), leaver.pk, reason="离职申请 3 号")
    assert browser.get("/people?former=true").json()["items"][0]["erased_at"] is not None
