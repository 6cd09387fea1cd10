"""A reporter is erased while others are at work: nothing of theirs is lost, and no old word comes back."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from yiwang.core import erasing
from yiwang.core.accounts.tests import people
from yiwang.core.actor import Actor
from yiwang.core.drafts import actions as drafts
from yiwang.core.drafts.models import Draft
from yiwang.core.errors import Conflict
from yiwang.core.phrases.models import Phrase
from yiwang.operations.cases import erasure, store
from yiwang.operations.cases.models import Case, Task
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import Walk
from yiwang.operations.cases.tests.test_erasure import PHONE, found_in, reported
from yiwang.operations.cases.tests.test_together import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_PHONE = "13607120001"
PATIENCE = 10


def beside(work: Callable[[], object]) -> Callable[[], object]:
    """Start something on another connection; when this returns, it has ended or waits for a lock. What is returned
    waits for its end and says what it returned or raised."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.extend(all_at_once([work])))
    thread.start()
    give_up = time.monotonic() + PATIENCE
    while thread.is_alive() and not somebody_waits() and time.monotonic() < give_up:
        time.sleep(0.02)

    def ended() -> object:
        thread.join(PATIENCE)
        return results[0]

    return ended


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists(select from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


def eraser(name: str) -> Actor:
    user = people.person(name, "cases.view_case", "cases.erase_reporter", areas=["420117"])
    return people.actor(user)


def erase(actor: Actor, case: Case) -> None:
    erasure.erase_reporter(actor, case.pk, reason="当事人申请")


def erasing_now(text: str = PHONE) -> erasing.Erasure:
    return erasing.Erasure(frozenset(), (text,), lambda said: said.replace(text, "*"))


def test_a_step_under_way_in_another_case_ends_first(town: small.District) -> None:
    case, elsewhere = reported(town).case, Walk(town)
    elsewhere.to("pending_dispatch")
    elsewhere.step("dispatcher", "dispatch", unit_id=town.unit.pk, note=f"先打{PHONE}")
    chief = eraser("chief")
    with transaction.atomic():
        dossier = store.lock_for(town.actor("clerk"), elsewhere.case.pk)
        ended = beside(lambda: erase(chief, case))
        dossier.tasks[0].result = "已清理"
        dossier.touch(dossier.tasks[0])
        store.save(dossier)
    assert ended() is None
    assert found_in(PHONE) == []
    assert Task.objects.get(case=elsewhere.case).result == "已清理"


def test_what_is_committed_while_rows_are_read_is_masked_and_not_lost() -> None:
    phrase = Phrase.objects.create(topic="case.close", text=f"请打{PHONE}")
    read: list[str] = []

    def mask(said: str) -> str:
        if not read:
            changed = f"周一请打{PHONE}，勿留言"
            assert beside(lambda: Phrase.objects.filter(pk=phrase.pk).update(text=changed))() == 1
        read.append(said)
        return said.replace(PHONE, "*")

    with transaction.atomic():
        gone = erasing.Erasure(frozenset(), (PHONE,), mask)
        assert erasing.mask_rows(Phrase.objects.filter(pk=phrase.pk), ("text",), gone) == [phrase.pk]
    phrase.refresh_from_db()
    assert phrase.text == "周一请打*，勿留言"


def test_a_window_that_saves_while_its_draft_is_gone_over_is_told() -> None:
    anna = people.actor(people.person("anna"))
    drafts.keep(anna, "report", body={"phone": PHONE}, expected_version=0)
    again = {"phone": PHONE, "note": "又"}
    with transaction.atomic():
        erasing.reach(erasing_now())
        ended = beside(lambda: drafts.keep(anna, "report", body=again, expected_version=1))
    assert isinstance(ended(), Conflict)
    assert Draft.objects.get().body == {"phone": "*"}


def test_two_whose_words_name_each_other_are_erased_at_once(town: small.District) -> None:
    one = Walk(town, reporter_name="", reporter_phone=PHONE, description=f"与{OTHER_PHONE}同院").case
    other = Walk(town, reporter_name="", reporter_phone=OTHER_PHONE, description=f"{PHONE}也说").case
    chief, deputy = eraser("chief"), eraser("deputy")
    assert all_at_once([lambda: erase(chief, one), lambda: erase(deputy, other)]) == [None, None]
    assert found_in(PHONE) == found_in(OTHER_PHONE) == []
