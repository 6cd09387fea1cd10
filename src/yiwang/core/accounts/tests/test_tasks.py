"""Sessions go when their time is over."""

from datetime import timedelta

import pytest

from yiwang.core import clock
from yiwang.core.accounts.models import Session
from yiwang.core.accounts.tasks import forget_ended_sessions


@pytest.mark.django_db
def test_ended_sessions_are_forgotten() -> None:
    now = clock.now()
    for key, expires in (("over", now - timedelta(hours=1)), ("good", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    forget_ended_sessions()
    assert [session.pk for session in Session.objects.all()] == ["good"]
