"""Code tables for forms and filters, and their local wording."""

from typing import Annotated

from pydantic import Field

from yiwang.core.codes import actions, queries
from yiwang.core.codes.declare import Label
from yiwang.core.codes.schemas import CodeIn, TableOut, Tables
from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router

router = Router(tags=["codes"])


@router.get("/codes", permission=SIGNED_IN, response=Tables)
def list_code_tables(request: ActingRequest) -> object:
    """Every code table in its newest edition."""
    return {"items": queries.tables()}


@router.get("/codes/{table}", permission=SIGNED_IN, response=TableOut)
def get_code_table(request: ActingRequest, table: str) -> object:
    """One table as it holds today."""
    return queries.table(table)


@router.put("/codes/{table}/{code}", permission="codes.edit_code", response=TableOut)
def edit_code(
    request: ActingRequest, payload: CodeIn, table: str, code: Annotated[str, Field(max_length=60)]
) -> object:
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
