"""The cases by which both languages are tested: `cases.json` is what this module writes.

`python -m yiwang.core.forms.tests.cases` writes it anew; what changes in it must be wanted. Each case: the form, the
answers, which fields are asked, what is kept, every fault, the findings, the score.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from yiwang.core.forms import rules
from yiwang.core.forms.declare import Answers, Field, Form, Kind, form_json
from yiwang.core.forms.tests.samples import ALL_KINDS, FORMS, SCORED

FILE = Path(__file__).parent / "cases.json"
IDS = [f"018f0000-0000-7000-8000-00000000000{n}" for n in range(4)]
CHOSEN: list[tuple[Form, Answers]] = [
    (ALL_KINDS, {}),
    (ALL_KINDS, {"sure": False}),
    (ALL_KINDS, {"sure": True}),
    (ALL_KINDS, {"sure": 1, "stranger": "x", "another": None}),
    (ALL_KINDS, {"sure": True, "width": 0.5, "story": "  ", "title": " 二字 "}),
    (ALL_KINDS, {"sure": True, "width": 0.25, "title": "一", "story": "长" * 13}),
    (ALL_KINDS, {"sure": True, "width": "1", "title": "😀😀😀😀😀", "count": 2.5}),
    (ALL_KINDS, {"sure": False, "width": 0.1, "title": "一二三四五六", "count": 10}),
    (ALL_KINDS, {"sure": False, "count": True, "colour": "green", "title": 5}),
    (ALL_KINDS, {"sure": False, "count": 3, "faults": []}),
    (ALL_KINDS, {"sure": False, "count": 3.0, "faults": ["dirt", "noise", "smell"]}),
    (ALL_KINDS, {"sure": False, "count": 1, "faults": ["dirt"]}),
    (ALL_KINDS, {"sure": False, "colour": "red", "faults": ["dirt", "dirt"]}),
    (ALL_KINDS, {"sure": False, "colour": "red", "faults": ["dust", 5]}),
    (ALL_KINDS, {"sure": False, "colour": ["red"], "faults": "dirt"}),
    (ALL_KINDS, {"sure": False, "day": "2026-02-28", "moment": "2026-02-28T23:59:59.5+08:00"}),
    (ALL_KINDS, {"sure": False, "day": "2026-02-29", "moment": "2026-02-30T08:00Z"}),
    (ALL_KINDS, {"sure": False, "day": "2024-02-29", "moment": "2024-02-29T24:00:00Z"}),
    (ALL_KINDS, {"sure": False, "day": "26-1-1", "moment": "2026-01-01T08:00"}),
    (ALL_KINDS, {"sure": False, "photos": [IDS[0]]}),
    (ALL_KINDS, {"sure": False, "photos": IDS[:3]}),
    (ALL_KINDS, {"sure": False, "photos": [IDS[0], IDS[0]]}),
    (ALL_KINDS, {"sure": False, "photos": {"near": [IDS[0]]}}),
    (ALL_KINDS, {"sure": False, "photos": ["a.jpg"]}),
    (ALL_KINDS, {"sure": False, "count": 5, "faults": ["dirt", "smell"], "day": "2026-01-01"}),
    (
        ALL_KINDS,
        {
            "sure": False,
            "count": 5,
            "faults": ["dirt", "smell"],
            "day": "2026-01-01",
            "pair": {"before": IDS[:1]},
        },
    ),
    (
        ALL_KINDS,
        {
            "sure": False,
            "count": 5,
            "faults": ["dirt", "noise"],
            "day": "2026-01-01",
            "pair": {"before": IDS[:1], "after": IDS[1:2]},
        },
    ),
    (
        ALL_KINDS,
        {
            "sure": False,
            "count": 5,
            "faults": ["dirt", "noise"],
            "day": "2026-01-01",
            "pair": {"before": IDS[:1], "far": IDS[1:2]},
        },
    ),
    (ALL_KINDS, {"sure": False, "place": {"lon": 114.8, "lat": 30.8, "accuracy_m": 12}}),
    (ALL_KINDS, {"sure": False, "place": {"lon": 181, "lat": 30.8}}),
    (ALL_KINDS, {"sure": False, "place": {"lon": 114.8}}),
    (ALL_KINDS, {"sure": False, "place": {"lon": 114.8, "lat": 30.8, "street": "x"}}),
    (ALL_KINDS, {"sure": False, "title": "有了", "place": {"lon": 114.8, "lat": 30.8}}),
    (SCORED, {}),
    (SCORED, {"litter": 0}),
    (SCORED, {"litter": 3, "smell": "none"}),
    (SCORED, {"litter": 9, "smell": "bad"}),
    (SCORED, {"water": True, "leak": False, "extras": ["soap", "paper"]}),
    (SCORED, {"water": True, "leak": True, "extras": ["soap", "dirt"]}),
    (SCORED, {"water": False, "leak": True, "extras": ["soap"]}),
    (SCORED, {"litter": 1, "smell": "none", "water": True, "leak": False}),
]


def all_cases() -> list[dict[str, Any]]:
    """Every case with what the rules say."""
    return [told(form, answers) for form, answers in [*CHOSEN, *drawn(160)]]


def told(form: Form, answers: Answers) -> dict[str, Any]:
    """A case with what the rules say."""
    score = rules.score(form, answers)
    shown = rules.visible(form, answers)
    return {
        "form": form.key,
        "answers": answers,
        "visible": [field.key for field in form.fields if field.key in shown],
        "kept": rules.kept(form, answers),
        "faults": [
            {"field": fault.field, "code": fault.code, "params": fault.params}
            for fault in rules.check(form, answers)
        ],
        "failed": list(rules.failed(form, answers)),
        "score": {"got": str(score.got), "most": str(score.most)} if score else None,
    }


def drawn(count: int) -> Iterator[tuple[Form, Answers]]:
    """Answers as chance has them, good and bad; the same each time."""
    chance = Random(38)
    forms = list(FORMS.values())
    for number in range(count):
        form = forms[number % len(forms)]
        fields = [field for field in form.fields if chance.random() < 0.7]
        yield form, {field.key: answer(field, chance) for field in fields}


def answer(field: Field, chance: Random) -> Any:
    """Mostly an answer of the field's kind, sometimes of another."""
    kind = field.kind if chance.random() < 0.9 else chance.choice(list(Kind))
    codes = [option.code for option in field.options] or ["x"]
    if kind is Kind.PHOTO:
        taken = chance.sample(IDS, chance.randint(0, 3))
        return {slot: taken[n : n + 1] for n, slot in enumerate(field.slots)} if field.slots else taken
    return {
        Kind.TEXT: lambda: "字" * chance.randint(0, 7),
        Kind.LONGTEXT: lambda: "字 " * chance.randint(0, 9),
        Kind.INTEGER: lambda: chance.randint(-1, 11),
        Kind.NUMBER: lambda: round(chance.uniform(-1, 3), 2),
        Kind.CHOICE: lambda: chance.choice(codes),
        Kind.CHOICES: lambda: chance.sample(codes, chance.randint(0, len(codes))),
        Kind.YES_NO: lambda: chance.random() < 0.6,
        Kind.DATE: lambda: f"2026-{chance.randint(1, 13):02}-{chance.randint(1, 31):02}",
        Kind.MOMENT: lambda: f"2026-11-{chance.randint(1, 31):02}T{chance.randint(0, 25):02}:00:00+08:00",
        Kind.POINT: lambda: {"lon": round(chance.uniform(-200, 200), 3), "lat": 30.5},
    }[kind]()


def written() -> str:
    """The whole file."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in all_cases())
    forms = json.dumps({key: form_json(form) for key, form in FORMS.items()}, ensure_ascii=False)
    return f'{{"forms": {forms},\n"cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
