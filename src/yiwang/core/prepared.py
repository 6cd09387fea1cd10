"""Statements that are made once: for the few reads and writes that happen at every request and every step.

Django makes the SQL of a query anew each time, and for a row with its relations that costs several times what the
database needs to answer. A `Prepared` query is an ordinary queryset whose SQL is kept; `insert` and `update` write
rows by statements kept per model. What comes back are ordinary model rows, or tuples of values. docs/adr/0010.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from threading import local
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import QuerySet, get_related_populators
from psycopg.pq import PipelineStatus

R = TypeVar("R")
MANY = 50  # rows from which on a statement of its own is worth its making


class Prepared(Generic[R]):
    """A queryset of rows whose SQL is made at first use.

    `build` makes the queryset from stand-ins, one for each parameter and each unlike all others; they must reach
    the statement as they are (UUIDs, numbers within the column's range, texts, days). Values of another kind would
    change the SQL and are refused. It may select_related, but not prefetch; what annotates asks for values
    (`values_list`).
    """

    def __init__(self, build: Callable[..., "QuerySet[Any, R]"], *stand_ins: Any) -> None:
        self.build = build
        self.stand_ins = stand_ins
        self._made: _Made | None = None

    def __call__(self, *values: Any) -> list[R]:
        """The rows for these parameters."""
        return self.ask(*values)()

    def ask(self, *values: Any) -> Callable[[], list[R]]:
        """Send the question; calling the answer gives the rows. Within `at_once` several questions travel together."""
        if self._made is None:
            self._made = _Made(self.build(*self.stand_ins), self.stand_ins)
        return self._made.ask(values)

    def first(self, *values: Any) -> R | None:
        """The first row, if any; the queryset itself should say which and how many."""
        return next(iter(self(*values)), None)


class _Made:
    """The statement of one queryset, and how its rows become objects."""

    def __init__(self, rows: "QuerySet[Any]", stand_ins: Sequence[Any]) -> None:
        self.compiler = rows.query.get_compiler(connection=connection)
        self.sql, params = self.compiler.as_sql()
        self.params = [_position(param, stand_ins) for param in params]
        missing = set(range(len(stand_ins))) - {n for n, _ in self.params if n is not None}
        if missing:
            raise ValueError(f"stand-in {stand_ins[min(missing)]!r} does not stand in the statement as it is")
        self._of_thread = local()
        of_values = bool(rows.query.values_select or rows.query.annotation_select)
        self.make: Callable[[list[Any]], Any] = tuple if of_values else self._object
        if not of_values:
            self._learn(self.compiler.klass_info)

    @property
    def converters(self) -> dict[int, Any]:
        """What Django makes of the values. Those of geometries hold a reader of GEOS, which belongs to one thread."""
        known: dict[int, Any] | None = getattr(self._of_thread, "converters", None)
        if known is None:
            expressions = [item[0] for item in self.compiler.select]
            known = self._of_thread.converters = self.compiler.get_converters(expressions)
        return known

    def _learn(self, info: dict[str, Any]) -> None:
        fields = info["select_fields"]
        self.model = info["model"]
        self.start, self.end = fields[0], fields[-1] + 1
        self.names = [item[0].target.attname for item in self.compiler.select[self.start : self.end]]
        # The type stubs are ahead of Django 5.2 here.
        self.related = get_related_populators(info, self.compiler.select, connection.alias)  # type: ignore[call-arg]

    def ask(self, values: Sequence[Any]) -> Callable[[], list[Any]]:
        params = [fixed if n is None else fixed(values[n]) for n, fixed in self.params]
        cursor = connection.cursor()
        cursor.execute(self.sql, params)

        def answer() -> list[Any]:
            with cursor:
                converters = self.converters
                return [self.make(_converted(row, converters)) for row in cursor.fetchall()]

        return answer

    def _object(self, row: list[Any]) -> Any:
        made = self.model.from_db(connection.alias, self.names, row[self.start : self.end])
        for related in self.related:
            related.populate(row, made)
        return made


def _converted(found: Sequence[Any], converters: dict[int, Any]) -> list[Any]:
    row = list(found)
    for place, (steps, expression) in converters.items():
        value = row[place]
        for convert in steps:
            value = convert(value, expression, connection)
        row[place] = value
    return row


def _position(param: Any, stand_ins: Sequence[Any]) -> tuple[int | None, Any]:
    """Which stand-in a parameter is, and what Django makes of its values (numbers get the column's width)."""
    for n, stand_in in enumerate(stand_ins):
        if isinstance(param, type(stand_in)) and param == stand_in:
            return n, type(param) if isinstance(param, int) else _as_it_is
    return None, param


def _as_it_is(value: Any) -> Any:
    return value


@contextmanager
def at_once() -> Iterator[None]:
    """Statements within are sent without waiting for the answer to the one before; errors come at the end.

    For writes whose answers nobody reads, and questions that are asked (`Prepared.ask`) before the first is read.
    Within another it adds nothing: the outer one ends them all, where psycopg would wait at each border.
    """
    connection.ensure_connection()
    if connection.connection.pgconn.pipeline_status != PipelineStatus.OFF:
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def insert(rows: Iterable[models.Model], *, keys: bool = True) -> None:
    """Write new rows of one model in one statement; nothing for no rows.

    An automatic key is filled in when `keys` are wanted. Columns with a default of the database's own are left to it.
    """
    given = list(rows)
    if not given:
        return
    if len(given) > MANY:
        type(given[0])._default_manager.bulk_create(given, batch_size=1000)
        return
    statement = _insertion(type(given[0]))
    values = [value for row in given for value in statement.values(row)]
    places = ", ".join([f"({statement.places})"] * len(given))
    end = statement.end if keys else ""
    with connection.cursor() as cursor:
        cursor.execute(f"{statement.start} VALUES {places}{end}", values)
        if end:
            for row, (key,) in zip(given, cursor.fetchall(), strict=True):
                row.pk = key
    for row in given:
        row._state.adding, row._state.db = False, connection.alias


def update(row: models.Model, fields: Sequence[str] = ()) -> None:
    """Write the columns of a stored row (all but the key when none is named); the caller holds its lock."""
    statement = _updating(type(row), tuple(fields))
    with connection.cursor() as cursor:
        cursor.execute(statement.start, [*statement.values(row), row.pk])


class _Statement:
    """The SQL of one kind of write, and the values that it takes of a row."""

    def __init__(self, fields: Sequence[Any]) -> None:
        self.fields = fields
        self.places = ", ".join(_place(field) for field in fields)
        self.start = self.end = ""

    def values(self, row: models.Model) -> list[Any]:
        line = connections[DEFAULT_DB_ALIAS]  # itself: `connection` looks for it at each touch
        return [field.get_db_prep_save(getattr(row, field.attname), line) for field in self.fields]


@cache
def _insertion(model: type[models.Model]) -> _Statement:
    automatic = model._meta.auto_field
    fields = model._meta.concrete_fields
    made = _Statement([f for f in fields if f is not automatic and not (f.generated or f.has_db_default())])
    names = ", ".join(f'"{field.column}"' for field in made.fields)
    made.start = f'INSERT INTO "{model._meta.db_table}" ({names})'
    made.end = f' RETURNING "{automatic.column}"' if automatic else ""
    return made


@cache
def _updating(model: type[models.Model], names: tuple[str, ...]) -> _Statement:
    key = model._meta.pk
    chosen = [model._meta.get_field(name) for name in names]
    made = _Statement(chosen or [f for f in model._meta.concrete_fields if f is not key and not f.generated])
    sets = ", ".join(f'"{field.column}" = {_place(field)}' for field in made.fields)
    made.start = f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key.column}" = %s'  # noqa: S608
    return made


def _place(field: Any) -> str:
    """Geometry wants a function around its value; everything else stands as it is."""
    return "ST_GeomFromEWKB(%s)" if hasattr(field, "geom_type") else "%s"
