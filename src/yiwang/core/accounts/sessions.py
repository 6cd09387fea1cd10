"""Sessions kept in our own table, each naming its user, so that they can be ended from outside.

One that its person leaves unused ends by itself (settings.IDLE_MINUTES). What a page asks for by itself does not count
as use: the client marks it (`X-Background`), and the stream of live events comes by another door.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Q, QuerySet

from yiwang.core import clock
from yiwang.core.accounts.models import Session
from yiwang.core.accounts.queries import actor_for_user
from yiwang.core.actor import Actor
from yiwang.core.prepared import Prepared

USER_KEY, IP_KEY, AGENT_KEY = "user_id", "ip", "user_agent"
# Read at every request.
ROW = Prepared(lambda key: Session.objects.filter(session_key=key), "\uffff")


class SessionStore(DatabaseStore):
    """Django's database sessions on `accounts.Session`."""

    row: Session | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        """Django's hook for reading the row; expired, ended or never there is nobody signed in."""
        row = ROW.first(self.session_key) if self.session_key else None
        if row is None or row.expire_date <= clock.now() or _is_left(row, clock.now()):
            self._session_key = None
            return None
        self.row = row
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row, with its user beside the encoded data."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = UUID(data[USER_KEY]) if USER_KEY in data else None
        row.ip, row.user_agent = data.get(IP_KEY), data.get(AGENT_KEY, "")[:300]
        return row


# How exactly use is written down: a row is not written at every request.
EXACT = timedelta(minutes=1)


def _is_left(row: Session, now: datetime) -> bool:
    idle = timedelta(minutes=settings.IDLE_MINUTES)
    return bool(idle) and now - row.active_at > idle + EXACT


def live_sessions() -> QuerySet[Session]:
    """Sessions that still let somebody in: neither expired nor left."""
    now, idle = clock.now(), timedelta(minutes=settings.IDLE_MINUTES)
    rows = Session.objects.filter(expire_date__gt=now)
    return rows.filter(active_at__gte=now - idle - EXACT) if idle else rows


def ended_before(moment: datetime) -> QuerySet[Session]:
    """Sessions that expired before, or that nobody had used for so long by then that they let nobody in."""
    ended = Q(expire_date__lt=moment)
    idle = timedelta(minutes=settings.IDLE_MINUTES)
    return Session.objects.filter(ended | Q(active_at__lt=moment - idle - EXACT) if idle else ended)


def note_use(store: SessionStore, *, in_background: bool) -> None:
    """Write down that a session was used, once a minute at most."""
    row, now = store.row, clock.now()
    if row is None:
        return
    fields = {}
    if now - row.seen_at >= EXACT:
        fields["seen_at"] = now
    if not in_background and now - row.active_at >= EXACT:
        fields |= {"seen_at": now, "active_at": now}
    if fields:
        Session.objects.filter(session_key=row.session_key).update(**fields)


def user_of_session(session_key: str) -> UUID | None:
    """Whose session it is; None when it has ended."""
    value = SessionStore(session_key).get(USER_KEY)
    return UUID(value) if value else None


def actor_for_session(session_key: str, ip: str | None = None) -> Actor | None:
    """The actor behind a session cookie; None when the session ended or the person may no longer enter."""
    user_id = user_of_session(session_key)
    return actor_for_user(user_id, ip=ip) if user_id else None
