"""All classes of cases in one answer, for forms and filters; a browser asks once and then only whether it changed."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from ninja import Schema

from yiwang.core.http.routes import SIGNED_IN, ActingRequest, Router
from yiwang.core.http.schemas import Label
from yiwang.operations.cases import category_queries
from yiwang.operations.cases.category_models import SCHEME, Category, FilingCondition
from yiwang.operations.cases.schemas import LimitOut

router = Router(tags=["categories"])


class MajorOut(Schema):
    """The major class (大类)."""

    code: str
    zh: str
    en: str


class FilingConditionOut(Schema):
    """A row of the filing table: what is found, how long handling may take, when it counts as done."""

    id: int
    no: int
    text: Label
    limit: LimitOut
    closing: Label
    area_class: str | None
    confidence: str
    source: str


class CategoryOut(Schema):
    """A class of cases. `code` is major and minor, None where not known; `search` holds words to find it by."""

    key: str
    kind: str
    zh: str
    en: str
    major: MajorOut
    code: str | None
    codes: dict[str, str]
    origin: str
    source: Label
    confidence: str
    usual_unit: str
    conditions: list[FilingConditionOut]
    search: str


class Categories(Schema):
    """Every class that can be chosen today."""

    items: list[CategoryOut]


@router.get("/categories", permission=SIGNED_IN, response=Categories)
def list_categories(request: ActingRequest) -> object:
    """Every class that can be chosen today with its filing conditions; 304 when `If-None-Match` still fits."""
    stamp = category_queries.stamp()
    tag = f'"{stamp}"'
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(_document(stamp), content_type="application/json; charset=utf-8")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@lru_cache(maxsize=2)
def _document(stamp: str) -> bytes:
    """The answer's bytes, made once per process and stamp."""
    items = [described(row) for row in category_queries.current_categories()]
    return Categories.model_validate({"items": items}).model_dump_json().encode()


def described(row: Category) -> dict[str, Any]:
    """A class with its conditions as the wire shows it."""
    codes = {code.scheme: code.code for code in row.codes.all()}
    return {
        "key": row.key,
        "kind": row.kind,
        "zh": row.name_zh,
        "en": row.name_en,
        "major": {"code": row.major_code, "zh": row.major_name_zh, "en": row.major_name_en},
        "code": codes.get(SCHEME),
        "codes": codes,
        "origin": row.origin,
        "source": {"zh": row.source, "en": row.source_en},
        "confidence": row.confidence,
        "usual_unit": row.usual_unit,
        "conditions": [_condition(condition) for condition in row.conditions.all()],
        "search": row.search,
    }


def _condition(row: FilingCondition) -> dict[str, Any]:
    return {
        "id": row.pk,
        "no": row.no,
        "text": {"zh": row.text_zh, "en": row.text_en},
        "limit": {"kind": row.limit_kind, "amount": f"{row.limit_amount.normalize():f}"},
        "closing": {"zh": row.closing_zh, "en": row.closing_en},
        "area_class": row.area_class,
        "confidence": row.confidence,
        "source": row.source,
    }
