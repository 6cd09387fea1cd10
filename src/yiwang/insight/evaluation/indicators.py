"""The indicators as they are declared: what is counted, when it falls into a period, and how that is said in words.

Definitions follow GB/T 30428.4 (绩效评价) in our words; docs/algorithms/evaluation.md says what its text leaves open.
A further indicator is one more declaration over the facts; a further fact is a column that `rules.facts_of` fills.
"""

from dataclasses import dataclass
from enum import StrEnum

Conditions = tuple[tuple[str, bool], ...]


class Subject(StrEnum):
    """Which facts are counted: of cases, or of each unit's handling."""

    CASE = "case"
    HANDLING = "handling"


class Kind(StrEnum):
    """How a figure reads."""

    COUNT = "count"
    RATE = "rate"
    MEAN_TIME = "mean_time"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. A fact falls into the period by its `moment` and is counted when `where` holds.

    A rate: how many of them also satisfy `hit`. A mean time: the seconds of `total` over their number. `is_standing`:
    counts what stood at the period's end since a `moment` before. `better`: more, less or "" where neither is.
    """

    key: str
    name: dict[str, str]
    formula: dict[str, str]
    kind: Kind
    subject: Subject
    moment: str
    where: Conditions = ()
    hit: Conditions = ()
    total: str = ""
    is_standing: bool = False
    better: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the figure is a count and nothing else."""
        return self.kind is Kind.COUNT


INDICATORS = (
    Indicator(
        key="reported",
        name={"zh": "上报数", "en": "Reported"},
        formula={"zh": "本期上报的案件", "en": "Cases reported in the period"},
        kind=Kind.COUNT,
        subject=Subject.CASE,
        moment="reported_at",
    ),
    Indicator(
        key="registered",
        name={"zh": "立案数", "en": "Registered"},
        formula={
            "zh": "本期立案的案件，不含后来并入其他案件的",
            "en": "Cases registered in the period, without those bound to another since",
        },
        kind=Kind.COUNT,
        subject=Subject.CASE,
        moment="registered_at",
        where=(("is_merged", False),),
    ),
    Indicator(
        key="closed",
        name={"zh": "结案数", "en": "Closed"},
        formula={"zh": "本期结案的案件，含强制结案", "en": "Cases closed in the period, by force too"},
        kind=Kind.COUNT,
        subject=Subject.CASE,
        moment="closed_at",
    ),
    Indicator(
        key="handled_in_time",
        name={"zh": "按期处置率", "en": "Handled in time"},
        formula={
            "zh": "按期处置的任务 ÷ 应处置的任务（本期办完，或时限在本期到期仍未办完）",
            "en": "Tasks handled in time ÷ tasks due (done in the period, or undone when their limit ran out in it)",
        },
        kind=Kind.RATE,
        subject=Subject.HANDLING,
        moment="settled_at",
        hit=(("is_in_time", True),),
        better="more",
    ),
    Indicator(
        key="closing_rate",
        name={"zh": "结案率", "en": "Closing rate"},
        formula={
            "zh": "至今已结案的 ÷ 应结案的案件（本期处置完，或处置超期）",
            "en": "Closed by now ÷ cases to be closed (handled in the period, or overdue in it)",
        },
        kind=Kind.RATE,
        subject=Subject.CASE,
        moment="settled_at",
        hit=(("is_closed", True),),
        better="more",
    ),
    Indicator(
        key="closed_in_time",
        name={"zh": "按期结案率", "en": "Closed in time"},
        formula={
            "zh": "已结案且各环节都未超时的 ÷ 应结案的案件",
            "en": "Closed with no limit overrun on the way ÷ cases to be closed",
        },
        kind=Kind.RATE,
        subject=Subject.CASE,
        moment="settled_at",
        hit=(("is_closed_in_time", True),),
        better="more",
    ),
    Indicator(
        key="rework_rate",
        name={"zh": "返工率", "en": "Rework rate"},
        formula={
            "zh": "核查后返工过的 ÷ 应结案的案件",
            "en": "Sent back for rework at least once ÷ cases to be closed",
        },
        kind=Kind.RATE,
        subject=Subject.CASE,
        moment="settled_at",
        hit=(("is_reworked", True),),
        better="less",
    ),
    Indicator(
        key="return_rate",
        name={"zh": "退件率", "en": "Return rate"},
        formula={
            "zh": "回退获批的任务 ÷ 本期派遣的任务",
            "en": "Tasks returned with approval ÷ tasks dispatched in the period",
        },
        kind=Kind.RATE,
        subject=Subject.HANDLING,
        moment="opened_at",
        hit=(("is_returned", True),),
        better="less",
    ),
    Indicator(
        key="overdue_open",
        name={"zh": "期末超期待处置", "en": "Overdue at the end"},
        formula={
            "zh": "期末（不晚于现在）时限已过、仍未办完的任务",
            "en": "Tasks past their limit and undone at the period's end, or now where that is earlier",
        },
        kind=Kind.COUNT,
        subject=Subject.HANDLING,
        moment="settled_at",
        is_standing=True,
        better="less",
    ),
    Indicator(
        key="handling_time",
        name={"zh": "平均处置时长", "en": "Mean handling time"},
        formula={
            "zh": "从派遣到办完的自然时长之和 ÷ 本期办完的任务",
            "en": "Time as it passes from dispatch to done, summed ÷ tasks done in the period",
        },
        kind=Kind.MEAN_TIME,
        subject=Subject.HANDLING,
        moment="done_at",
        total="handling_s",
        better="less",
    ),
)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
