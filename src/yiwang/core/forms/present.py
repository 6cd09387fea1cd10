"""Forms and their versions as the wire shows them."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from yiwang.core import clock
from yiwang.core.forms import queries, rules
from yiwang.core.forms.declare import form_json
from yiwang.core.forms.models import FormVersion
from yiwang.core.forms.queries import InForce


def summary(held: InForce) -> dict[str, Any]:
    """A line of the list."""
    form = held.form
    return {
        "key": form.key,
        "version": held.version,
        "edition": form.edition,
        "name": form.name,
        "purpose": form.purpose,
        "fields": len(form.fields),
        "scored": rules.is_scored(form),
        "local": form.edition == "local",
    }


def whole(row: FormVersion) -> dict[str, Any]:
    """A version with all that it asks."""
    form = queries.told(row).form
    return {
        "key": row.key,
        "version": row.version,
        "edition": row.edition,
        "in_force": current(queries.versions(row.key), clock.today()) == row,
        "form": form_json(form),
    }


def kept() -> list[dict[str, Any]]:
    """Every form that there is or was, by key."""
    grouped = groupby(queries.everything(), key=lambda row: row.key)
    return [_kept(sorted(rows, key=lambda row: row.is_shipped)) for _, rows in grouped]


def all_versions(rows: Sequence[FormVersion]) -> dict[str, Any]:
    """A form with all its versions, as `queries.versions` gives them."""
    holding = current(rows, clock.today())
    return {
        "key": rows[0].key,
        "current": holding.version if holding else None,
        "newest": _newest(rows),
        "versions": [_version(row, holding) for row in rows],
    }


def current(rows: Sequence[FormVersion], day: date) -> FormVersion | None:
    """The version that holds on a day, of all versions of one form."""
    own = next((row for row in rows if not row.is_shipped and _state(row, day) == "in_force"), None)
    return own or next((row for row in rows if row.is_shipped), None)


def _kept(rows: Sequence[FormVersion]) -> dict[str, Any]:
    today = clock.today()
    holding = current(rows, today)
    told = holding or rows[0]
    planned = (row.valid_from for row in rows if row.valid_from and _state(row, today) == "planned")
    line = summary(queries.told(told))
    return {
        **{name: line[name] for name in ("key", "name", "purpose", "fields", "scored", "edition")},
        "current": holding.version if holding else None,
        "newest": _newest(rows),
        "planned": min(planned, default=None),
        "newer_edition": _newer_edition(holding, rows),
        "changed_by": rows[0].published_by_name,
        "changed_at": rows[0].published_at,
    }


def _newest(rows: Sequence[FormVersion]) -> int:
    return max((row.version for row in rows if not row.is_shipped), default=0)


def _newer_edition(holding: FormVersion | None, rows: Sequence[FormVersion]) -> str | None:
    """A shipped edition that came after the one from which the version that holds was made, by however many steps."""
    shipped = next((row for row in rows if row.is_shipped), None)
    if holding is None or holding.is_shipped or shipped is None:
        return None
    by_version = {row.version: row for row in rows}
    origin: FormVersion | None = holding
    while origin is not None and not origin.is_shipped:
        origin = by_version.get(origin.base or 0)
    return shipped.edition if origin is None or origin.version < shipped.version else None


def _version(row: FormVersion, holding: FormVersion | None) -> dict[str, Any]:
    state = _state(row, clock.today())
    if row.is_shipped:
        state = "shipped" if row == holding else "superseded"
    return {
        "version": row.version,
        "edition": row.edition,
        "state": state,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "base": row.base,
        "note": row.note,
        "published_by": row.published_by_name,
        "published_at": row.published_at,
    }


def _state(row: FormVersion, day: date) -> str:
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.valid_from is not None and row.valid_from > day:
        return "planned"
    return "past" if row.valid_to is not None and row.valid_to <= day else "in_force"
