"""What happens in the demo's last week, decided before anything is done: which cases, and each step with its moment.

Pure and deterministic: the same seed and the same `now` give the same past. People work by daylight, every day;
limits run over the official calendar. A case that shall still be open stops at its state, shortly before `now`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random

from yiwang.core.calendars import rules
from yiwang.core.calendars.rules import Limit, LimitKind, Span, WorkCalendar
from yiwang.project.demo.texts import Text, Words

DAYS_BACK = 7
HOUR = timedelta(hours=1)
LEAST_GAP = timedelta(minutes=2)
DAYLIGHT_HOURS = 11
PATROL = "collector_patrol"
SHORT = 7 * HOUR
ASIDE = frozenset({"handling", "extension_asked", "suspended", "supervised"})
REPEATS = 1
# Between how many daylight hours ago a case that stands at a state now was opened.
AGES_H: dict[str, tuple[float, float]] = {
    "reported": (0.1, 2.5),
    "pending_registration": (0.3, 4),
    "pending_dispatch": (0.8, 6),
    "pending_handle": (2, 20),
    "return_asked": (3, 22),
    "handling": (3, 44),
    "pending_check": (6, 50),
    "pending_close": (10, 60),
    "verifying": (0.5, 5),
    "void_asked": (0.8, 8),
    "extension_asked": (4, 20),
    "suspended": (10, 50),
    "supervised": (6, 40),
}
ADDRESSES = (
    "主干道东侧", "小区南门外", "菜市场旁", "幼儿园门前", "公交站旁", "临街门面前", "停车场入口", "小广场北侧",
    "党群服务中心对面", "卫生服务站路口",
)  # fmt: skip
# The busier a street, the more is reported from it.
STREET_WEIGHTS = {
    "420117001": 9, "420117002": 8, "420117003": 3, "420117004": 3, "420117005": 2, "420117006": 2, "420117007": 1,
    "420117008": 2, "420117009": 2, "420117010": 1, "420117011": 2, "420117012": 1, "420117102": 1, "420117400": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many cases stand at each state at the end, and how many are closed by then; refused ones come on top.

    `past`: so many finished ones of the three months before, see `past_plan`.
    """

    open_cases: Mapping[str, int]
    closed: int
    past: int = 0

    def stops(self, refused: int) -> list[str]:
        """Where each case stops, in the order of the stories."""
        standing = [state for state, count in self.open_cases.items() for _ in range(count)]
        return [*standing, *["refused"] * refused, *["closed"] * self.closed]


FULL = Sizes(
    {
        "reported": 6,
        "pending_registration": 6,
        "pending_dispatch": 7,
        "pending_handle": 14,
        "return_asked": 4,
        "handling": 30,
        "pending_check": 13,
        "pending_close": 8,
        "verifying": 4,
        "void_asked": 2,
        "extension_asked": 4,
        "suspended": 3,
        "supervised": 4,
    },
    closed=40,
    past=3200,
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One step of one case. `verb` is "open" or the lifecycle's; `wrong_unit` sends it to a unit not competent."""

    at: datetime
    case: int
    verb: str
    note: str = ""
    wrong_unit: bool = False
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """One case before it is opened. `variant` chooses its pictures, `reporter` is empty for a patrol."""

    case: int
    text: Text
    street: str
    address: str
    variant: int
    reporter: str
    phone: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the plan needs to know: the words, the limits by class and condition number, the official calendar."""

    words: Words
    limits: Mapping[tuple[str, int], Limit]
    calendar: WorkCalendar


def make(
    now: datetime, seed: int, around: Surroundings, sizes: Sizes = FULL
) -> tuple[list[Story], list[Deed]]:
    """Every case of the demo and every step up to `now`, the steps in the order of their moments."""
    chance = Random(seed)  # noqa: S311 - a past that can be repeated, not a secret
    daylight = daylight_around(now)
    stops = sizes.stops(refused=len(around.words.refused))
    stories = suited(list(stories_of(chance, around.words, sizes)), stops, around)
    deeds: list[Deed] = []
    for story, stop in zip(stories, stops, strict=True):
        deeds += Life(story, stop, chance, around, daylight).deeds(now)
    return stories, sorted((deed for deed in deeds if deed.at <= now), key=lambda deed: (deed.at, deed.case))


def suited(stories: list[Story], stops: list[str], around: Surroundings) -> list[Story]:
    """The stories, such that those in which more time is asked for have limits that leave time to ask."""

    def is_long(story: Story) -> bool:
        limit = around.limits[story.text.category, story.text.condition]
        return rules.length(limit, around.calendar) >= SHORT

    spare = [number for number, stop in enumerate(stops) if stop == "closed" and is_long(stories[number])]
    for number, stop in enumerate(stops):
        if stop in ("extension_asked", "suspended") and not is_long(stories[number]) and spare:
            other = spare.pop()
            one, two = stories[number], stories[other]
            stories[number], stories[other] = replace(two, case=number), replace(one, case=other)
    return stories


def daylight_around(now: datetime, days: int = DAYS_BACK) -> WorkCalendar:
    """Half past seven to half past six on every day: when people report, drive out and sign."""
    first = now.astimezone(rules.ZONE).date() - timedelta(days=2 * days)
    return WorkCalendar((Span(time(7, 30), time(18, 30)),), first, (True,) * (3 * days))


def stories_of(chance: Random, words: Words, sizes: Sizes) -> Iterator[Story]:
    """The cases: open ones first, then refused ones, then closed ones; each text once, portable ones again."""
    reported, opened = sizes.open_cases["reported"], sum(sizes.open_cases.values())
    fresh = chance.sample(words.texts, len(words.texts))
    patrols = [text for text in fresh if text.source == PATROL]
    waiting = patrols[:reported]  # only a patrol's report waits to be accepted
    pool = [text for text in fresh if text not in waiting]
    pool += [moved(chance, text) for text in fresh * REPEATS if text.is_portable]
    pool = pool[: opened + sizes.closed - reported]
    chance.shuffle(pool)
    ordered = [*waiting, *pool[: opened - reported], *words.refused, *pool[opened - reported :]]
    for number, text in enumerate(ordered):
        yield story_of(chance, number, text, words)


def moved(chance: Random, text: Text) -> Text:
    """The same kind of finding at another place."""
    street = chance.choices(list(STREET_WEIGHTS), list(STREET_WEIGHTS.values()))[0]
    return replace(text, street=street, address=chance.choice(ADDRESSES))


def story_of(chance: Random, number: int, text: Text, words: Words) -> Story:
    """A case with who told of it; a patrol tells by itself."""
    by_patrol = text.source == PATROL
    return Story(
        case=number,
        text=text,
        street=text.street,
        address=text.address,
        variant=chance.randrange(4),
        reporter="" if by_patrol else chance.choice(words.reporters),
        phone="" if by_patrol else f"1380000{chance.randrange(10_000):04d}",
    )


class Life:
    """The steps of one case, one after the other."""

    def __init__(
        self, story: Story, stop: str, chance: Random, around: Surroundings, daylight: WorkCalendar
    ) -> None:
        self.story, self.stop, self.chance, self.around, self.daylight = story, stop, chance, around, daylight
        self.made: list[Deed] = []
        self.at = daylight.instant(HOUR)

    def deeds(self, now: datetime) -> list[Deed]:
        """Its steps until it stops, moved so that the last one lies before `now`."""
        self.at = self._opened_at(now)
        self._do("open")
        self._live()
        return self._before(now)

    def _opened_at(self, now: datetime) -> datetime:
        least, most = AGES_H.get(self.stop, (3 * DAYLIGHT_HOURS, DAYS_BACK * DAYLIGHT_HOURS))
        ago = timedelta(hours=self.chance.uniform(least, most))
        return self.daylight.instant(self.daylight.position(now) - ago)

    def _live(self) -> None:
        if self.stop == "refused":
            patrol = self.story.text.source == PATROL
            self._later(0.2, 2, "refuse" if patrol else "decline", self.story.text.refusal)
            return
        for stage in (self._until_registered, self._until_dispatched, self._until_done, self._until_closed):
            if not stage():
                return

    def _until_registered(self) -> bool:
        if self.story.text.source == PATROL:
            if self.stop == "reported":
                return False
            self._later(0.1, 1.2, "accept", self._note("accept"))
            if self.chance.random() < 0.05:
                self._later(0.1, 0.6, "send_back", self._note("send_back"))
                self._later(0.1, 0.6, "accept", self._note("accept"))
        if self.stop == "pending_registration":
            return False
        if self.stop == "verifying":
            self._later(0.1, 0.5, "ask_verify", "请到现场核实")
            return False
        if self.stop == "void_asked":
            self._later(0.1, 0.8, "ask_void", "与在办案件为同一问题，申请作废")
            return False
        self._later(0.1, 0.9, "register", self._note("register"))
        return self.stop != "pending_dispatch"

    def _until_dispatched(self) -> bool:
        wrong = self.stop == "return_asked" or self.chance.random() < 0.07
        self._later(0.1, 0.7, "dispatch", self._instruction(), wrong_unit=wrong)
        if self.stop == "pending_handle":
            return False
        if wrong:
            self._later(0.3, 2, "ask_return", self._note("ask_return"))
            if self.stop == "return_asked":
                return False
            self._later(0.2, 1.2, "approve_return", self._note("approve_return"))
            self._later(0.1, 0.9, "confirm_return", "同意回退，重新派遣")
            self._later(0.1, 0.4, "dispatch", self._instruction())
        elif self.chance.random() < 0.04:
            self._later(0.2, 1, "ask_return", self._note("ask_return"))
            self._later(0.2, 1, "refuse_return", self._note("refuse_return"))
        return True

    def _until_done(self) -> bool:
        dispatched_at = next(deed.at for deed in reversed(self.made) if deed.verb == "dispatch")
        self._later(0.05, 0.6 if self._is_urgent else 3, "take", self._note("take"))
        if self.stop in ASIDE:
            self._aside()
            return False
        limit = rules.length(self._limit, self.around.calendar)
        share = self.chance.choices((0.35, 0.6, 0.85, 1.35), (4, 4, 2, 2))[0] * self.chance.uniform(0.8, 1.15)
        done_at = rules.after(dispatched_at, limit * share, self._limit.kind, self.around.calendar)
        self.at = max(done_at, self.at + HOUR / 3)
        self._do("report_done", self.story.text.handled, mended=True)
        return self.stop != "pending_check"

    def _aside(self) -> None:
        """What is asked for beside the state while the unit handles; not where the limit leaves no time for it."""
        if self.stop == "supervised":
            self._later(0.3, 2, "supervise", "请说明进展并限期办结")
        if rules.length(self._limit, self.around.calendar) < SHORT:
            return
        if self.stop == "extension_asked":
            self._later(0.05, 0.2, "ask_extension", "需采购配件，申请延长时限")
        if self.stop == "suspended":
            self._later(0.05, 0.2, "ask_suspension", "需与管网改造一并实施，申请挂账")
            self._later(0.1, 0.6, "approve_suspension", "同意上报")
            self._later(0.1, 0.9, "confirm_suspension", "同意挂账，到期恢复")

    def _until_closed(self) -> bool:
        if self.chance.random() < 0.09:
            self._later(0.5, 6, "fail_check", self._note("fail_check"))
            self._later(1, 6, "report_done", self._note("rework_done"), mended=True)
        self._later(0.5, 7, "pass_check", self.story.text.checked, mended=True)
        if self.stop == "pending_close":
            return False
        self._later(0.2, 3, "close", self._note("close_told" if self.story.reporter else "close"))
        return True

    @property
    def _limit(self) -> Limit:
        return self.around.limits[self.story.text.category, self.story.text.condition]

    @property
    def _is_urgent(self) -> bool:
        return self._limit.kind is LimitKind.URGENT_HOUR

    def _instruction(self) -> str:
        return self._note("urgent_dispatch" if self._is_urgent else "dispatch")

    def _note(self, kind: str) -> str:
        return self.chance.choice(self.around.words.notes[kind])

    def _later(
        self,
        least_h: float,
        most_h: float,
        verb: str,
        note: str = "",
        *,
        wrong_unit: bool = False,
        mended: bool = False,
    ) -> None:
        wait = timedelta(hours=self.chance.uniform(least_h, most_h))
        self.at = self.daylight.instant(self.daylight.position(self.at) + wait)
        self._do(verb, note, wrong_unit=wrong_unit, mended=mended)

    def _do(self, verb: str, note: str = "", *, wrong_unit: bool = False, mended: bool = False) -> None:
        seconds = timedelta(seconds=self.chance.randrange(50))
        if self.made:
            self.at = max(self.at, self.made[-1].at + LEAST_GAP)
        self.at = self.at.replace(microsecond=0) + seconds
        self.made.append(Deed(self.at, self.story.case, verb, note, wrong_unit, mended))

    def _before(self, now: datetime) -> list[Deed]:
        """Every case stands at its stop by now: its steps are drawn together until they fit."""
        first, last = self.made[0].at, self.made[-1].at
        latest = now - timedelta(minutes=self.chance.uniform(3, 40))
        if last <= latest:
            return self.made
        start, planned = min(first, latest), max(last - first, LEAST_GAP)
        factor = (latest - start) / planned
        return [replace(deed, at=start + (deed.at - first) * factor) for deed in self.made]
