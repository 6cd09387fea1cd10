"""A filled form as a row of a table, and an answer in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from yiwang.core.exporting import Cell, Column, Words
from yiwang.core.forms.declare import Answer, Answers, Field, Form, Kind
from yiwang.core.forms.rules.answers import is_filled, is_number, slots_of
from yiwang.core.forms.rules.scoring import is_scored, score

SLOT_WORDS: Mapping[str, tuple[str, str]] = {
    "near": ("近景", "Close-up"),
    "far": ("远景", "Wide view"),
    "reference": ("参照物", "With a landmark"),
    "before": ("处置前", "Before"),
    "after": ("处置后", "After"),
}
SCORE = (Column("score", "得分", "Score", 10), Column("score_most", "满分", "Out of", 10))
WIDE = {Kind.LONGTEXT: 40, Kind.TEXT: 24, Kind.CHOICES: 24, Kind.POINT: 24, Kind.MOMENT: 20}


def columns(form: Form) -> tuple[Column, ...]:
    """A column for each field, in the order of the form; the score behind them where there is one."""
    asked = tuple(_column(one) for one in form.fields)
    return (*asked, *SCORE) if is_scored(form) else asked


def cells(form: Form, answers: Answers, words: Words) -> list[Cell]:
    """The cells of one filled form, as `columns` has them: labels for codes, None for what was not asked."""
    row: list[Cell] = [answer_cell(one, answers.get(one.key), words) for one in form.fields]
    if is_scored(form):
        scored = score(form, answers)
        row += [float(scored.got), float(scored.most)] if scored else [None, None]
    return row


def answer_cell(asked: Field, answer: Answer, words: Words) -> Cell:
    """An answer as a cell: numbers and moments as such, everything else in words."""
    if not is_filled(answer):
        return None
    if is_number(answer):
        return float(answer) if isinstance(answer, float) else int(answer)
    if asked.kind is Kind.MOMENT and isinstance(answer, str):
        return datetime.fromisoformat(answer)
    return answer_text(asked, answer, words)


def answer_text(asked: Field, answer: Answer, words: Words) -> str:
    """An answer in words; "" for none."""
    if not is_filled(answer):
        return ""
    told = TEXTS.get(asked.kind)
    if told is not None:
        return told(asked, answer, words)
    unit = f" {words.label(asked.unit)}" if asked.unit else ""
    return f"{answer}{unit}"


def _column(asked: Field) -> Column:
    unit = asked.unit or {"zh": "", "en": ""}
    zh, en = (
        f"{asked.label[lang]}（{unit[lang]}）" if unit[lang] else asked.label[lang] for lang in ("zh", "en")
    )
    return Column(asked.key, zh, en.replace("（", " (").replace("）", ")"), WIDE.get(asked.kind, 14))


def _chosen(asked: Field, answer: Answer, words: Words) -> str:
    codes: Sequence[str] = answer if isinstance(answer, list) else [answer]
    named = {option.code: words.label(option.label) for option in asked.options}
    return words.either("、", ", ").join(named.get(code, code) for code in codes)


def _yes_no(asked: Field, answer: Answer, words: Words) -> str:
    return words.either("是", "Yes") if answer else words.either("否", "No")


def _photo(asked: Field, answer: Answer, words: Words) -> str:
    parts = [(slot, len(ids)) for slot, ids in slots_of(answer) if ids]
    named = [f"{words.of(SLOT_WORDS, slot)} {count}" if slot else str(count) for slot, count in parts]
    return words.either("、", ", ").join(named)


def _point(asked: Field, answer: Answer, words: Words) -> str:
    return f"{answer['lon']:.6f}, {answer['lat']:.6f}"


TEXTS: Mapping[Kind, Callable[[Field, Answer, Words], str]] = {
    Kind.CHOICE: _chosen,
    Kind.CHOICES: _chosen,
    Kind.YES_NO: _yes_no,
    Kind.PHOTO: _photo,
    Kind.POINT: _point,
}
