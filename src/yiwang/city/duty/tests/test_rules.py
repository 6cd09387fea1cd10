"""Laying out rosters and judging attendance, by properties."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from yiwang.city.duty import rules
from yiwang.city.duty.rules import Cell, ClashKind, Outcome, Punch, Span

BEGIN = date(2026, 11, 23)
PEOPLE = [UUID(int=n) for n in range(1, 9)]
AT = datetime(2026, 11, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRACE, AFTER = timedelta(minutes=5), 4 * HOUR
patterns = st.lists(st.one_of(st.none(), st.integers(1, 4)), min_size=1, max_size=9)
moments = st.integers(-600, 1500).map(lambda n: AT + timedelta(minutes=n))
punches = st.lists(st.builds(Punch, moments, st.sampled_from(["in", "out"])), max_size=6)
SHIFT = Span(AT, AT + 8 * HOUR)


def days(count: int, first: date = BEGIN) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


@given(patterns, st.integers(1, 8), st.integers(1, 40), st.integers(0, 6), st.booleans())
def test_a_pattern_comes_round_and_each_person_is_so_many_steps_ahead(
    pattern: list[int | None], people: int, count: int, stagger: int, by_week: bool
) -> None:
    laid = rules.lay_out(PEOPLE[:people], pattern, days(count), stagger=stagger, by_week=by_week)
    assert len(laid) == people * count
    at = {(user, on): shift for user, on, shift in laid}
    for (user, on), shift in at.items():
        later = on + timedelta(days=len(pattern))
        assert at.get((user, later), shift) == shift
        number = PEOPLE.index(user)
        if number and (PEOPLE[number - 1], on + timedelta(days=stagger)) in at:
            assert at[PEOPLE[number - 1], on + timedelta(days=stagger)] == shift


def test_by_week_begins_with_the_monday() -> None:
    wednesday = BEGIN + timedelta(days=2)
    laid = rules.lay_out(PEOPLE[:1], [1, 2, 3, 4, 5, None, None], days(3, wednesday), by_week=True)
    assert [shift for _, _, shift in laid] == [3, 4, 5]


@given(st.times(), st.times())
def test_a_shift_is_longer_than_nothing_and_no_longer_than_a_day(starts: time, ends: time) -> None:
    span = rules.shift_span(BEGIN, starts, ends)
    assert timedelta() < span.ends_at - span.starts_at <= timedelta(days=1)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 3), st.integers(1, 2)), max_size=12
    ),
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 3), st.integers(1, 2)), max_size=12
    ),
    st.booleans(),
)
def test_without_overlap_nobody_works_twice_at_once(
    wanted: list[tuple[int, int, int, int]], around: list[tuple[int, int, int, int]], replace: bool
) -> None:
    times = [time(6), time(14), time(20)]

    def cells(rows: list[tuple[int, int, int, int]], unit: int | None) -> list[Cell]:
        made = {}
        for who, day, shift, at in rows:
            on, where = BEGIN + timedelta(days=day), unit or at
            ends = time(8) if shift == 3 else times[shift]
            span = rules.shift_span(on, times[shift - 1], ends) if shift else None
            made[PEOPLE[who], on, where] = Cell(PEOPLE[who], on, shift or None, span, where)
        return list(made.values())

    new, known = cells(wanted, 1), cells(around, None)
    away = {PEOPLE[0]: [(BEGIN, BEGIN + timedelta(days=1))]}
    stops = frozenset({ClashKind.OVERLAP, ClashKind.AWAY} | (set() if replace else {ClashKind.TAKEN}))
    found = rules.clashes(new, known, away, least_rest=8 * HOUR, stops=stops)
    stopped = {(one.user, one.on) for one in found if one.kind in stops}
    if not replace:
        stopped |= {(cell.user, cell.on) for cell in known if cell.unit == 1}
    written = [cell for cell in new if (cell.user, cell.on) not in stopped]
    replaced = {(cell.user, cell.on) for cell in written}
    kept = [cell for cell in known if cell.unit != 1 or (cell.user, cell.on) not in replaced]
    for cell in written:
        beside = [one for one in (*written, *kept) if one is not cell and one.user == cell.user]
        assert not any(cell.span and one.span and cell.span.overlaps(one.span) for one in beside)


def test_what_is_in_the_way_is_named() -> None:
    night = rules.shift_span(BEGIN, time(22), time(6))
    early = rules.shift_span(BEGIN + timedelta(days=1), time(6), time(14))
    next_day = BEGIN + timedelta(days=1)
    known = [Cell(PEOPLE[0], BEGIN, 3, night, 1), Cell(PEOPLE[0], next_day, 2, None, 1)]
    found = rules.clashes(
        [Cell(PEOPLE[0], next_day, 1, early, 1)],
        known,
        {PEOPLE[0]: [(next_day, next_day)]},
        least_rest=8 * HOUR,
    )
    assert {one.kind for one in found} == {ClashKind.TAKEN, ClashKind.AWAY, ClashKind.SHORT_REST}


def judged(span: Span | None, known: list[Punch], now: datetime, *, away: bool = False) -> rules.Day:
    return rules.judge(span, known, planned=True, away=away, now=now, grace=GRACE, after=AFTER)


@given(punches, moments)
def test_a_day_is_judged_the_same_however_its_clockings_come(known: list[Punch], now: datetime) -> None:
    day = judged(SHIFT, known, now)
    assert day == judged(SHIFT, known[::-1], now)
    assert day.late_min >= 0
    assert day.early_min >= 0
    if day.outcome is Outcome.PRESENT:
        assert day.in_at is not None
        assert day.out_at is not None
    last = max(known, key=lambda one: (one.at, one.way == "out"), default=None)
    if last is None or last.way == "in":  # nobody has left who came back
        assert (day.out_at, day.early_min) == (None, 0)
    else:
        assert day.out_at == last.at
    if day.outcome is Outcome.ABSENT:
        assert not known
        assert now >= SHIFT.ends_at


@given(punches)
def test_after_its_time_every_day_is_final(known: list[Punch]) -> None:
    day = judged(SHIFT, known, SHIFT.ends_at + AFTER + HOUR)
    assert day.outcome not in (Outcome.PLANNED, Outcome.RUNNING, Outcome.NONE)
    whole = rules.totals([(SHIFT, day)])
    assert whole.due == 1 == whole.present + whole.missing + whole.absent
    assert 0 <= whole.minutes <= 480


def test_late_and_early_count_beyond_the_grace_only() -> None:
    came, went = Punch(AT + timedelta(minutes=5), "in"), Punch(AT + 8 * HOUR - timedelta(minutes=6), "out")
    day = judged(SHIFT, [came, went], AT + 9 * HOUR)
    assert (day.outcome, day.late_min, day.early_min) == (Outcome.PRESENT, 0, 6)


def test_who_came_back_from_lunch_has_not_left_early() -> None:
    lunch = [Punch(AT, "in"), Punch(AT + 4 * HOUR, "out"), Punch(AT + 5 * HOUR, "in")]
    assert judged(SHIFT, lunch, AT + 6 * HOUR).outcome is Outcome.RUNNING
    day = judged(SHIFT, lunch, AT + 20 * HOUR)
    assert (day.outcome, day.early_min) == (Outcome.MISSING_OUT, 0)


def test_leave_is_not_absence_and_rest_is_not_leave() -> None:
    assert judged(SHIFT, [], AT + 20 * HOUR, away=True).outcome is Outcome.LEAVE
    assert judged(None, [], AT, away=True).outcome is Outcome.REST


@given(moments, st.integers(0, 600), st.lists(st.one_of(st.none(), moments), max_size=3), st.booleans())
def test_a_late_clocking_is_believed_by_a_picture_only(
    at: datetime, late: int, taken: list[datetime | None], doubtful: bool
) -> None:
    claim = rules.Claim(at, at, at + timedelta(minutes=late), doubtful)
    believed = rules.is_believed(claim, taken)
    assert believed == (
        not doubtful and (late <= 2 or any(one and abs(one - at) <= timedelta(minutes=15) for one in taken))
    )


@given(moments, st.sampled_from(["in", "out"]))
def test_a_clocking_belongs_to_the_nearest_open_shift(at: datetime, way: str) -> None:
    spans = [SHIFT, Span(AT + 16 * HOUR, AT + 24 * HOUR)]
    found = rules.match(spans, at, way, before=2 * HOUR, after=AFTER)
    edges = [span.starts_at if way == "in" else span.ends_at for span in spans]
    if found is not None:
        assert abs(at - edges[found]) <= 8 * HOUR
    else:
        assert all(not (span.starts_at <= at <= span.ends_at) for span in spans)


@given(punches)
def test_nobody_is_on_duty_outside_their_shift(known: list[Punch]) -> None:
    span = rules.worked(SHIFT, known)
    if span is not None:
        assert SHIFT.starts_at == span.starts_at < span.ends_at <= SHIFT.ends_at
    if not known or max(known, key=lambda one: (one.at, one.way == "out")).way == "in":
        assert span == SHIFT
