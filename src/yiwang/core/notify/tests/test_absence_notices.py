"""Whoever stands in hears of it, and whoever did not enter their own absence."""

import pytest

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import actor, person, unit
from yiwang.core.events import relay
from yiwang.core.notify.models import Notice


@pytest.mark.django_db
def test_the_substitute_and_the_absent_are_told() -> None:
    water = unit("water")
    ann, bob = person("ann", at=water), person("bob", at=water)
    chief = person("chief", "accounts.manage_absences", at=water)
    today = clock.today()
    row = absences.enter(
        actor(chief), absences.NewAbsence(today, today, AbsenceReason.SICK, ann.pk, bob.pk, "腿伤")
    )
    relay.deliver_due()
    absences.cancel(actor(ann), row.pk)
    relay.deliver_due()
    told = list(Notice.objects.order_by("pk").values_list("user_id", "kind"))
    assert told == [
        (bob.pk, "account.stand_in"),
        (ann.pk, "account.absence_entered"),
        (bob.pk, "account.stand_in_ended"),
    ]
    assert "腿伤" not in str(Notice.objects.values_list("params", flat=True))
