"""What this room does when it hears of absences: the substitute is told, and whoever did not enter it themselves."""

from yiwang.core.accounts.events import AbsenceChanged
from yiwang.core.accounts.queries import absence
from yiwang.core.events.declare import handles
from yiwang.core.notify import actions


@handles(AbsenceChanged)
def tell_of_absence(event: AbsenceChanged) -> None:
    """A notice to the substitute, and to the person when somebody else entered or cancelled it."""
    row = absence(event.absence_id)
    if row is None:
        return
    ended = row.cancelled_at is not None
    params = {
        "name": row.user.name,
        "substitute": row.substitute.name if row.substitute else None,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "by": row.cancelled_by_name if ended else row.entered_by_name,
    }
    if row.substitute_id is not None:
        kind = "account.stand_in_ended" if ended else "account.stand_in"
        actions.notify([row.substitute_id], kind=kind, params=params, link="/my/absences")
    by_themselves = row.cancelled_by_name == row.user.name if ended else row.entered_by == row.user_id
    if not by_themselves:
        kind = "account.absence_cancelled" if ended else "account.absence_entered"
        actions.notify([row.user_id], kind=kind, params=params, link="/my/absences")
