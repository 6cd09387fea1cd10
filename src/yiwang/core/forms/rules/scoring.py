"""What a filled form scores, as exact fractions; rounding is for whoever shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from yiwang.core.forms.declare import Answer, Answers, Field, Form, Kind, Number, Section
from yiwang.core.forms.rules.answers import is_filled, is_number, visible


@dataclass(frozen=True, slots=True)
class Score:
    """How many points of how many. As text a fraction in lowest terms, "17/2" or "8"."""

    got: Fraction
    most: Fraction

    @property
    def percent(self) -> Decimal:
        """The share in percent, two places, rounded half up."""
        share = self.got * 100 / self.most
        return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(
            Decimal("0.01"), rounding=ROUND_HALF_UP
        )


def score(form: Form, answers: Answers) -> Score | None:
    """The score of what is answered so far; None where nothing scored is asked.

    A scored field counts once it is answered; one that is not asked, or left out because it does not apply, counts
    neither in what was got nor in what could be. A section counts from 0 to its most; with a weight it counts as
    that share of the whole (weight × got / most of weight), else by its own points.
    """
    shown = visible(form, answers)
    parts = [part for section in form.sections if (part := _section(section, answers, shown))]
    if not parts:
        return None
    return Score(
        sum((part.got for part in parts), Fraction()), sum((part.most for part in parts), Fraction())
    )


def is_scored(form: Form) -> bool:
    """Whether filling in the form can give a score at all."""
    return any(section.starts or any(map(is_scored_field, section.fields)) for section in form.sections)


def is_scored_field(asked: Field) -> bool:
    """Whether a field earns points or takes some off."""
    return bool(asked.points or asked.deducts or any(option.points for option in asked.options))


def _section(section: Section, answers: Answers, shown: frozenset[str]) -> Score | None:
    asked = [one for one in section.fields if one.key in shown]
    counted = [_field(one, answers[one.key]) for one in asked if is_filled(answers.get(one.key))]
    starts = exact(section.starts) if asked else Fraction()
    most = starts + sum((one.most for one in counted), Fraction())
    if most <= 0:
        return None
    got = min(max(starts + sum((one.got for one in counted), Fraction()), Fraction()), most)
    if section.weight is None:
        return Score(got, most)
    weight = exact(section.weight)
    return Score(weight * got / most, weight) if weight else None


def _field(asked: Field, answer: Answer) -> Score:
    """What an answer earns (below zero: takes off), of what it could."""
    if asked.kind is Kind.YES_NO and asked.fails_on is not None and isinstance(answer, bool):
        points, takes = exact(asked.points), exact(asked.deducts)
        return Score(-takes if answer is asked.fails_on else points, points)
    if asked.kind is Kind.INTEGER and asked.deducts and is_number(answer):
        takes = exact(asked.deducts) * max(int(answer), 0)
        return Score(-_at_most(asked, takes), Fraction())
    if asked.kind in (Kind.CHOICE, Kind.CHOICES):
        return _chosen(asked, answer)
    return Score(Fraction(), Fraction())


def _chosen(asked: Field, answer: Answer) -> Score:
    codes = answer if isinstance(answer, list) else [answer]
    earned = list(_points(asked, codes))
    positive = [exact(option.points) for option in asked.options if (option.points or 0) > 0]
    together = sum(positive, Fraction()) if asked.kind is Kind.CHOICES else max(positive, default=Fraction())
    takes = -sum((one for one in earned if one < 0), Fraction())
    return Score(sum((one for one in earned if one > 0), Fraction()) - _at_most(asked, takes), together)


def _points(asked: Field, codes: list[Answer]) -> Iterator[Fraction]:
    for option in asked.options:
        if option.code in codes:
            yield exact(option.points)


def _at_most(asked: Field, takes: Fraction) -> Fraction:
    return takes if asked.deducts_at_most is None else min(takes, exact(asked.deducts_at_most))


def exact(points: Number | None) -> Fraction:
    """A declared number as it is written: 0.1 is one tenth."""
    return Fraction(str(points or 0))
