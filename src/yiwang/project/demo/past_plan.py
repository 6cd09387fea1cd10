"""The demo's three months of past, decided before anything is done: finished cases of every kind the lifecycle knows.

Pure and deterministic, as `plan`: the same seed and moment give the same past. What each case is about is put together
from the classes' own filing conditions, so that thousands of them differ.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from yiwang.core.calendars import rules
from yiwang.core.calendars.rules import Limit, LimitKind, WorkCalendar
from yiwang.project.demo import plan
from yiwang.project.demo.plan import LEAST_GAP, PATROL, Story
from yiwang.project.demo.texts import Text, Words

DAYS_BACK = 92
# The last week is lived through the real actions, so that numbers and times go together.
DAYS_LEFT_OUT = 8
HOUR = timedelta(hours=1)
TRIES = 6

SOURCES = {
    PATROL: 52, "hotline_12345": 16, "hotline_12319": 8, "wechat": 8, "app": 5, "web": 3, "inspection": 4, "video": 4,
}  # fmt: skip
# What becomes of a case, and how often.
TURNS = {
    "plain": 50, "self": 8, "verified": 4, "assisted": 5, "extended": 6, "suspended": 2, "returned": 4, "kept": 2,
    "reworked": 7, "unable": 3, "supervised": 3, "reopened": 2, "refused": 4, "void": 2, "forced": 1,
}  # fmt: skip
DUPLICATES = 0.05
URGED, VISITED, ARCHIVED, APPEALED = 0.08, 0.4, 0.7, 0.3
SHARES, SHARE_WEIGHTS = (0.3, 0.55, 0.8, 0.97, 1.3), (5, 5, 4, 1, 2)
OPENINGS = ("巡查发现", "现场发现", "市民反映", "接到反映，", "")
TAILS = (
    "，影响通行。",
    "，请尽快处理。",
    "，已有一段时间。",
    "，周边群众意见较大。",
    "，存在安全隐患。",
    "。",
)
Slot = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Matter:
    """One row of the filing table: what can be wrong, by when it is to be mended, and what counts as mended."""

    category: str
    name: str
    no: int
    text: str
    closing: str
    limit: Limit


@dataclass(frozen=True, slots=True)
class PastDeed:
    """One step: when, which verb, who by post ("clerk" is the main unit's, "assistant" the other's).

    `slots`: photos as (slot, view, mended); `unit`: "right" or "wrong" for a dispatch; the rest is given as it is.
    """

    at: datetime
    verb: str
    who: str
    note: str = ""
    slots: tuple[Slot, ...] = ()
    unit: str = ""
    assist: bool = False
    until_days: int | None = None
    score: int | None = None
    kind: str = ""
    main: int | None = None


@dataclass(frozen=True, slots=True)
class PastStory:
    """A finished case: what it is about, and its steps."""

    story: Story
    deeds: tuple[PastDeed, ...]


@dataclass(frozen=True, slots=True)
class Background:
    """What the past is made of: the words, the filing rows by class, the official calendar, the daylight hours."""

    words: Words
    matters: Mapping[str, list[Matter]]
    calendar: WorkCalendar
    daylight: WorkCalendar


def make(now: datetime, seed: int, around: Background, count: int) -> list[PastStory]:
    """So many finished cases before `now`, those that were bound to others among them."""
    chance = Random(seed + 2)  # noqa: S311 - a past that can be repeated
    made: list[PastStory] = []
    classes = sorted({text.category for text in around.words.texts} & around.matters.keys())
    while len(made) < count:
        matter = chance.choice(around.matters[chance.choice(classes)])
        story = story_of(chance, len(made), matter, around.words)
        made.append(PastStory(story, _finished(chance, story, matter, around, now)))
        if (
            chance.random() < DUPLICATES
            and len(made) < count
            and (bound := _duplicate(chance, made[-1], len(made)))
        ):
            made.append(bound)
    return made


def background(
    now: datetime, words: Words, matters: Mapping[str, list[Matter]], calendar: WorkCalendar
) -> Background:
    """The background of a past before `now`."""
    return Background(words, matters, calendar, plan.daylight_around(now, DAYS_BACK))


def story_of(chance: Random, number: int, matter: Matter, words: Words) -> Story:
    """What is reported, by whom and where."""
    street = chance.choices(list(plan.STREET_WEIGHTS), list(plan.STREET_WEIGHTS.values()))[0]
    source = chance.choices(list(SOURCES), list(SOURCES.values()))[0]
    address = chance.choice(plan.ADDRESSES)
    opening = chance.choice(OPENINGS[:2]) if source == PATROL else chance.choice(OPENINGS[2:])
    said = f"{opening}{address}{matter.name}{matter.text}{chance.choice(TAILS)}"
    text = Text(
        matter.category, source, street, address, said, handled=f"已处理：{matter.closing}。",
        checked=f"现场查看，{matter.closing}。", condition=matter.no,
    )  # fmt: skip
    return plan.story_of(chance, number, text, words)


def _finished(
    chance: Random, story: Story, matter: Matter, around: Background, now: datetime
) -> tuple[PastDeed, ...]:
    """The steps, all of them before the last week: begun earlier where they take too long."""
    daylight = around.daylight
    latest = now - timedelta(days=DAYS_LEFT_OUT)
    ago_h = chance.uniform(DAYS_LEFT_OUT * plan.DAYLIGHT_HOURS, DAYS_BACK * plan.DAYLIGHT_HOURS)
    turn = chance.choices(list(TURNS), list(TURNS.values()))[0]
    for _ in range(TRIES):
        begin = daylight.instant(daylight.position(now) - ago_h * HOUR)
        deeds = PastLife(chance, story, matter, around, begin).live(turn, now)
        if deeds[-1].at < latest:
            break
        ago_h, turn = min(ago_h * 1.5, DAYS_BACK * plan.DAYLIGHT_HOURS), "plain"
    return tuple(deed for deed in deeds if deed.at < latest)


def _duplicate(chance: Random, of: PastStory, number: int) -> PastStory | None:
    """The same matter reported once more by somebody else, and bound while the first is open."""
    opened = of.deeds[0].at
    ended = next((deed.at for deed in of.deeds if deed.verb in ENDINGS), None)
    if ended is None or ended - opened < 3 * HOUR or of.story.text.source == PATROL:
        return None
    at = opened + chance.uniform(0.2, 0.6) * min(ended - opened, 20 * HOUR)
    story = Story(
        number, of.story.text, of.story.street, of.story.address, of.story.variant, "热心群众", "13800000000"
    )
    merge = PastDeed(at + 9 * LEAST_GAP, "merge", "acceptor", "与在办案件为同一问题", main=of.story.case)
    return PastStory(story, (PastDeed(at, "take_call", "acceptor"), merge)) if merge.at < ended else None


ENDINGS = frozenset({"close", "force_close", "approve_void", "refuse", "decline"})


class PastLife:
    """The steps of one finished case, one after the other."""

    def __init__(
        self, chance: Random, story: Story, matter: Matter, around: Background, begin: datetime
    ) -> None:
        self.chance, self.story, self.matter, self.words = chance, story, matter, around.words
        self.daylight, self.calendar = around.daylight, around.calendar
        self.at = begin
        self.deeds: list[PastDeed] = []
        self.by_patrol = story.text.source == PATROL

    def live(self, turn: str, now: datetime) -> list[PastDeed]:
        """All its steps by what becomes of it."""
        if turn == "self" and self.by_patrol:
            self._self_handled()
        elif self._opened(turn):
            getattr(self, f"_handle_{turn}", self._handle)()
            self._closed(turn, now)
        return self.deeds

    def _opened(self, turn: str) -> bool:
        """Reported, accepted, registered; false when it ends before."""
        if self.by_patrol:
            slots: tuple[Slot, ...] = (("near", "near", False),)
            self._do("report", "officer", slots=slots)
            if turn == "verified":
                self._later(0.1, 1, "ask_verify", "acceptor", "请到现场核实")
                self._later(0.3, 3, "confirm_found", "officer", "情况属实", slots=slots)
            if turn == "refused":
                self._later(0.2, 2, "refuse", "acceptor", "不属于城市管理事项，已告知向主管部门反映")
                return False
            self._later(0.1, 1, "accept", "acceptor", self._note("accept"))
        else:
            slots = (
                (("near", "near", False),)
                if self.story.text.source in ("wechat", "app", "web", "video")
                else ()
            )
            self._do("take_call", "acceptor", slots=slots)
            if turn == "refused":
                self._later(0.2, 2, "decline", "shift", "现场未发现所述问题，不予立案")
                return False
        if turn == "void":
            self._later(0.5, 4, "ask_void", "shift", "与已办案件重复，申请作废")
            self._later(0.5, 6, "approve_void", "leader", "同意")
            return False
        self._later(0.1, 0.9, "register", "shift", self._note("register"))
        return True

    def _dispatch(self, unit: str = "right", *, assist: bool = False) -> None:
        self._later(0.1, 0.7, "dispatch", "dispatcher", self._note("dispatch"), unit=unit, assist=assist)

    def _handle(self) -> None:
        """Dispatched, taken, done within a share of the limit."""
        self._dispatch()
        self._take()
        if self.chance.random() < URGED:
            self._later(0.2, 2, "urge", "dispatcher", "请抓紧办理，及时反馈")
        self._done()

    def _handle_assisted(self) -> None:
        self._dispatch(assist=True)
        self._take()
        self._later(0.1, 2, "take", "assistant", self._note("take"))
        self._later(0.5, 4, "report_done", "assistant", "配合部分已完成", slots=AFTER)
        self._done()

    def _handle_extended(self) -> None:
        if self._is_short():
            self._handle()
            return
        self._dispatch()
        self._take()
        self._later(0.05, 0.2, "ask_extension", "clerk", "需采购配件，申请延长时限", slots=EVIDENCE)
        self._later(0.05, 0.3, "approve_extension", "dispatcher", "情况属实")
        self._later(0.1, 2, "approve_extension", "leader", "同意延期一次")
        self._done(1.6)

    def _handle_suspended(self) -> None:
        if self._is_short():
            self._handle()
            return
        self._dispatch()
        self._take()
        self._later(
            0.05,
            0.2,
            "ask_suspension",
            "clerk",
            "需与管网改造一并实施，申请挂账",
            slots=EVIDENCE,
            until_days=40,
        )
        self._later(0.1, 1, "approve_suspension", "dispatcher", "同意上报")
        self._later(0.5, 4, "approve_suspension", "leader", "同意挂账，到期恢复")
        self._later(40, 160, "resume", "clerk", "改造已完成，恢复办理")
        self._later(1, 8, "report_done", "clerk", self.story.text.handled, slots=AFTER)

    def _handle_returned(self) -> None:
        self._dispatch("wrong")
        self._later(0.3, 2, "ask_return", "clerk", self._note("ask_return"))
        self._later(0.2, 1.5, "approve_return", "dispatcher", self._note("approve_return"))
        self._later(0.2, 1.5, "approve_return", "shift", "同意回退，重新派遣")
        self._handle()

    def _handle_kept(self) -> None:
        self._dispatch()
        self._later(0.2, 1, "ask_return", "clerk", self._note("ask_return"))
        self._later(0.2, 1, "refuse_return", "dispatcher", self._note("refuse_return"))
        self._take()
        self._done()

    def _handle_supervised(self) -> None:
        self._dispatch()
        self._take()
        kind = self.chance.choice(("leader", "important", "overdue"))
        self._later(0.2, 2, "supervise", "inspector", "请说明进展并限期办结", kind=kind)
        self._later(0.5, 5, "answer_supervision", "clerk", "已安排人员进场，今日内完成")
        self._done()

    def _handle_forced(self) -> None:
        self._dispatch()
        self._take()
        self._later(30, 90, "force_close", "leader", "所在地块已整体征收，现场不再具备处置条件")

    def _is_short(self) -> bool:
        """Whether the limit leaves no time to ask for more."""
        return rules.length(self.matter.limit, self.calendar) < 7 * HOUR

    def _take(self) -> None:
        urgent = self.matter.limit.kind is LimitKind.URGENT_HOUR
        self._later(0.05, 0.5 if urgent else 2.5, "take", "clerk", self._note("take"))

    def _done(self, times: float = 1.0) -> None:
        """Reported done after a share of the limit since the dispatch; some run over."""
        dispatched = next(deed.at for deed in reversed(self.deeds) if deed.verb == "dispatch")
        share = self.chance.choices(SHARES, SHARE_WEIGHTS)[0] * self.chance.uniform(0.85, 1.1) * times
        limit = rules.length(self.matter.limit, self.calendar)
        self.at = max(rules.after(dispatched, limit * share, self.matter.limit.kind, self.calendar), self.at)
        self._do("report_done", "clerk", self.story.text.handled, slots=AFTER)

    def _closed(self, turn: str, now: datetime) -> None:
        """Checked, closed, and what comes afterwards."""
        if turn != "forced":
            if turn == "unable":
                self._later(0.5, 5, "unable_check", "officer", "现场封闭施工，无法进入")
            if turn == "reworked":
                self._later(
                    0.5,
                    5,
                    "fail_check",
                    "officer",
                    self._note("fail_check"),
                    slots=(("check", "near", False),),
                )
                self._later(1, 8, "report_done", "clerk", self._note("rework_done"), slots=AFTER)
            self._finish()
        if turn == "reopened":
            self._later(
                4, 40, "visit", "acceptor", "反映人表示问题又出现了", score=self.chance.choice((1, 2))
            )
            self._later(0.2, 2, "reopen", "shift", "问题复发，重新办理")
            self._handle()
            self._finish()
        self._afterwards(now)

    def _finish(self) -> None:
        slots = (("check", "far", True),) if self.chance.random() < 0.4 else ()
        self._later(0.5, 7, "pass_check", "officer", self.story.text.checked, slots=slots)
        self._later(0.2, 3, "close", "shift", self._note("close_told" if self.story.reporter else "close"))

    def _afterwards(self, now: datetime) -> None:
        closed = self.deeds[-1]
        if self._ran_over() and closed.verb == "close" and self.chance.random() < APPEALED:
            self._later(2, 20, "ask_appeal", "clerk", "连续暴雨无法施工，申请免责", slots=EVIDENCE)
            self._later(1, 9, "approve_appeal", "dispatcher", "气象记录属实")
            self._later(1, 9, "approve_appeal", "acceptor", "同意免责")
        if self.story.reporter and self.chance.random() < VISITED:
            self._later(
                4, 30, "visit", "acceptor", "反映人对办理结果表示认可", score=self.chance.choice((3, 4, 5, 5))
            )
        if closed.at < now - timedelta(days=35) and self.chance.random() < ARCHIVED:
            self._later(11 * 14, 11 * 16, "archive", "shift", "")

    def _ran_over(self) -> bool:
        """Whether the last handling took longer than its limit; not asked where a clock had stood still."""
        verbs = {deed.verb for deed in self.deeds}
        if verbs & {"approve_extension", "resume", "fail_check", "reopen", "approve_return"}:
            return False
        start = next(deed.at for deed in self.deeds if deed.verb == "dispatch")
        done = next(
            (deed.at for deed in self.deeds if deed.verb == "report_done" and deed.who == "clerk"), start
        )
        return done > rules.deadline(start, self.matter.limit, self.calendar) + HOUR

    def _self_handled(self) -> None:
        self._do("self_handle", "officer", slots=(("near", "near", False), ("after", "near", True)))
        self._later(0.2, 3, "close", "shift", self._note("close"))

    def _note(self, kind: str) -> str:
        return self.chance.choice(self.words.notes[kind])

    def _later(
        self, least_h: float, most_h: float, verb: str, who: str, note: str = "", **more: object
    ) -> None:
        wait = timedelta(hours=self.chance.uniform(least_h, most_h))
        self.at = self.daylight.instant(self.daylight.position(self.at) + wait)
        self._do(verb, who, note, **more)

    def _do(self, verb: str, who: str, note: str = "", **more: object) -> None:
        if self.deeds:
            self.at = max(self.at, self.deeds[-1].at + LEAST_GAP)
        self.at = self.at.replace(microsecond=0) + timedelta(seconds=self.chance.randrange(50))
        self.deeds.append(PastDeed(self.at, verb, who, note, **more))  # type: ignore[arg-type]


AFTER: tuple[Slot, ...] = (("after", "near", True),)
EVIDENCE: tuple[Slot, ...] = (("evidence", "far", False),)


def deeds_of(stories: list[PastStory]) -> Iterator[PastDeed]:
    """All steps."""
    return (deed for story in stories for deed in story.deeds)
