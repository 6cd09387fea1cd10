"""Sessions go when their time is over."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts.actions import forget_sessions
from yiwang.core.accounts.models import Session


@pytest.mark.django_db
def test_ended_sessions_are_forgotten() -> None:
    now = clock.now()
    for key, expires in (("over", now - timedelta(hours=1)), ("good", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    assert forget_sessions(timedelta(days=1)) == 0
    assert forget_sessions(timedelta()) == 1
    assert [session.pk for session in Session.objects.all()] == ["good"]
