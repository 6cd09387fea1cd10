"""Bring tables in, here that of people; looking at what would happen is the same, undone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.db import transaction

from yiwang.core.accounts import staff
from yiwang.core.accounts.access import list_staff_for
from yiwang.core.accounts.models import Post, Role, User
from yiwang.core.accounts.queries import posts_managed_by
from yiwang.core.actor import Actor
from yiwang.core.errors import DomainError, Invalid
from yiwang.core.imports.declare import BadTable
from yiwang.core.imports.tables import Row, open_table, survey
from yiwang.core.rosters import rules

# Some 50 to 100 rows a second, in one request, which a proxy breaks off after a minute.
MOST_ROWS = 2_000
MOST_BYTES = 5 << 20

Texts = Mapping[str, str]
Became = Literal["new", "post", "same", "fault"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands (from 1), who it is about, and what became of it.

    new: a person with a post; post: a further post for somebody known; same: there already; fault: see `faults`.
    """

    line: int
    texts: Texts
    became: Became
    faults: tuple[DomainError, ...] = ()
    path: str = ""


@dataclass(slots=True)
class Report:
    """What became of all rows; `columns` are the table's headings by field."""

    columns: Texts
    lines: list[Line] = field(default_factory=list)

    def count(self, became: Became) -> int:
        """How many rows came to this."""
        return sum(line.became == became for line in self.lines)


@transaction.atomic
def look(actor: Actor, path: Path, bring: Callable[[Actor, Path], Report]) -> Report:
    """What bringing a table in would do, row by row; nothing of it stays. Raises as `bring`."""
    report = bring(actor, path)
    transaction.set_rollback(True)
    return report


@transaction.atomic
def bring_in(actor: Actor, path: Path) -> Report:
    """Make the people of a table with their posts; a faulty row stops nobody else's, and again makes no doubles.

    Each new line has the `path` of a link by which the person sets a password, once. Raises as `each_row`.
    """
    known = directory(actor)
    return each_row(path, rules.PEOPLE, MOST_ROWS, lambda line, texts: _bring(actor, line, texts, known))


def each_row(path: Path, kind: rules.Kind, most: int, bring: Callable[[int, Texts], Line]) -> Report:
    """What became of each row of a table, which `bring` is given by its number and its words.

    Raises Invalid `table_unreadable`, `columns_missing`, `too_many_rows`.
    """
    try:
        table = open_table(survey(path))
        report = Report(rules.columns_of(table.columns, kind))
        for number, row in enumerate(table.rows, start=1):
            if number > most:
                raise Invalid("too_many_rows", f"一次最多 {most} 行，请分几次导入。", field="file", most=most)
            report.lines.append(_read(row, report.columns, bring))
    except BadTable as error:
        raise Invalid("table_unreadable", f"这个文件读不出来：{error}", field="file") from error
    return report


def _read(row: Row, columns: Texts, bring: Callable[[int, Texts], Line]) -> Line:
    if row.fault is not None:
        return Line(row.line, {}, "fault", (Invalid(row.fault.code, row.fault.reason),))
    texts = {name: rules.text_of(row.cells.get(column)) for name, column in columns.items()}
    try:
        with transaction.atomic():
            return bring(row.line, texts)
    except DomainError as error:
        return Line(row.line, texts, "fault", (error,))


def _bring(actor: Actor, line: int, texts: Texts, known: rules.Directory) -> Line:
    wanted = rules.resolve(texts, known)
    if not isinstance(wanted, rules.Wanted):
        return Line(line, texts, "fault", wanted)
    try:
        with transaction.atomic():
            became, path = _done(actor, wanted)
            return Line(line, texts, became, path=path)
    except DomainError as error:
        if error.code != "already_assigned":
            raise
        return Line(line, texts, "same")


def _done(actor: Actor, wanted: rules.Wanted) -> tuple[Became, str]:
    first = staff.NewAssignment(wanted.post_id, wanted.role, None, wanted.areas, wanted.valid_from)
    user: User | None = User.objects.filter(username=wanted.username).first()
    if user is None:
        made = staff.create(
            actor, username=wanted.username, name=wanted.name, phone=wanted.phone, first=first
        )
        return "new", made.path
    if not list_staff_for(actor).filter(pk=user.pk).exists():
        # Whether it is the person of the row is not told about whom the actor does not administer.
        raise Invalid("username_taken", "账号已被使用。", field="username")
    if user.name != wanted.name:
        raise Invalid("username_of_another", f"这个账号已属于{user.name}。", field="username")
    staff.appoint(actor, user.pk, first)
    return "post", ""


def directory(actor: Actor) -> rules.Directory:
    """What the words of a roster mean for this person: units and posts that they administer, all roles."""
    units: dict[str, set[int]] = {}
    posts: dict[tuple[int, str], tuple[int, str]] = {}
    for post in managed_posts(actor):
        for word in (post.unit.name, post.unit.short_name, post.unit.code):
            units.setdefault(word, set()).add(post.unit_id)
        for word in (post.key, post.name):
            posts[post.unit_id, word] = post.pk, post.key
    roles = {word: role.key for role in Role.objects.all() for word in (role.name, role.key)}
    return rules.Directory({word: frozenset(found) for word, found in units.items()}, posts, roles)


def managed_posts(actor: Actor) -> list[Post]:
    """The posts that the person may fill, in the order of the tree, with their units."""
    return list(posts_managed_by(actor).select_related("unit"))
