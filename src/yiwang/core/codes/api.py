"""Code tables for forms and filters, and their local wording."""

from typing import Annotated

from pydantic import Field

from yiwang.core.codes import actions, queries
from yiwang.core.codes.declare import Label
from yiwang.core.codes.schemas import CodeIn, LocalDifferenceOut, OrderIn, ResetOrderIn, TableOut, Tables
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Everywhere, Router

router = Router(tags=["codes"])
EDIT = Everywhere("codes.edit_code")
Code = Annotated[str, Field(max_length=60)]


@router.get("/codes", permission=SIGNED_IN, response=Tables)
def list_code_tables(request: ActingRequest) -> object:
    """Every code table in its newest edition."""
    return {"items": queries.tables()}


@router.get("/codes/{table}", permission=SIGNED_IN, response=TableOut)
def get_code_table(request: ActingRequest, table: str) -> object:
    """One table as it holds today."""
    return queries.table(table)


@router.put("/codes/{table}/{code}", permission=EDIT, response=TableOut)
def edit_code(request: ActingRequest, payload: CodeIn, table: str, code: Code) -> object:
    """Word, add or switch a code for this district from a day on."""
    actions.edit_code(
        request.actor,
        table,
        code,
        name=Label(payload.name.zh, payload.name.en),
        valid_from=payload.valid_from,
        parent=payload.parent,
        active=payload.active,
    )
    return queries.table(table)


@router.get("/codes/{table}/local/difference", permission=EDIT, response=LocalDifferenceOut)
def show_code_difference(request: ActingRequest, table: str) -> object:
    """How the district's own edition differs from the shipped one, and what the last upgrade brought."""
    return present(queries.local_difference(table))


@router.post("/codes/{table}/local/order", permission=EDIT, response=TableOut)
def put_codes_in_order(request: ActingRequest, table: str, payload: OrderIn) -> object:
    """Offer all codes of a table in this order; 409 when somebody was first."""
    actions.put_in_order(request.actor, table, payload.codes, expected_version=payload.expected_version)
    return queries.table(table)


@router.post("/codes/{table}/local/order/reset", permission=EDIT, response=TableOut)
def reset_code_order(request: ActingRequest, table: str, payload: ResetOrderIn) -> object:
    """Back to the shipped order; 409 when somebody was first."""
    actions.reset_order(request.actor, table, expected_version=payload.expected_version)
    return queries.table(table)


@router.post("/codes/{table}/{code}/reset", permission=EDIT, response=TableOut)
def reset_code(request: ActingRequest, table: str, code: Code) -> object:
    """From today on the code says what the shipped edition says."""
    actions.reset_code(request.actor, table, code)
    return queries.table(table)


def present(found: queries.LocalDifference) -> dict[str, object]:
    """A difference on the wire; words as {zh, en}, everything else as it is."""
    upgrade = found.upgrade
    return {
        "edition": found.edition,
        "before": found.before,
        "changes": found.changes,
        "moved": found.moved,
        "upgrade": None
        if upgrade is None
        else [
            *(_brought(one.code, "added", None, one.name) for one in upgrade.added),
            *(_brought(one.code, "removed", one.name, None) for one in upgrade.removed),
            *(
                _brought(one.code, one.field, one.before, one.after, one.overridden)
                for one in upgrade.changed
            ),
        ],
    }


def _brought(
    code: str, kind: str, before: object, after: object, overridden: bool = False
) -> dict[str, object]:
    return {"code": code, "kind": kind, "before": before, "after": after, "overridden": overridden}
