"""What rosters say over HTTP."""

from typing import Literal

from yiwang.core.http.schemas import Out


class RosterFault(Out):
    """What is wrong with a row: in which field (empty: the row as a whole), as a code and in Chinese words."""

    field: str
    code: str
    message: str


class RosterLine(Out):
    """One row and what becomes of it: a new person, a further post, nothing (there already), or a fault."""

    line: int
    username: str
    name: str
    unit: str
    post: str
    became: Literal["new", "post", "same", "fault"]
    faults: list[RosterFault]


class RosterLink(Out):
    """The one-time link of somebody new."""

    username: str
    name: str
    path: str


class RosterReport(Out):
    """What becomes, or became, of a table: how many rows of each kind, faulty rows first, and of the others the first.

    `links` hold, after the import and only in its own answer, how the new people set a password.
    """

    new: int
    posts: int
    same: int
    faulty: int
    lines: list[RosterLine]
    links: list[RosterLink]


class UnitLine(Out):
    """One row and what becomes of it: a new unit, further posts of one, nothing (there already), or a fault."""

    line: int
    name: str
    code: str
    parent: str
    posts: str
    became: Literal["new", "post", "same", "fault"]
    faults: list[RosterFault]


class UnitReport(Out):
    """What becomes, or became, of a table of units: how many rows of each kind, faulty rows first."""

    new: int
    posts: int
    same: int
    faulty: int
    lines: list[UnitLine]
