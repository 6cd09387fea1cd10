"""Puts together what stands on the printed file, as plain values for its template."""

import base64
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings

from yiwang.city.geo import queries as geo
from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.codes import queries as codes
from yiwang.core.files import queries as files
from yiwang.operations.cases import present, queries
from yiwang.operations.cases.lifecycle import State
from yiwang.operations.cases.models import Case, CasePhoto
from yiwang.operations.cases.printing import sketch
from yiwang.operations.cases.printing.words import Words
from yiwang.operations.cases.store import Whole

PHOTO_PX = 900
MOST_PICTURES = 60
PICTURES_S = 15.0  # for all of them together; a large one takes up to a second
Pairs = list[tuple[str, str]]
ZONE: ZoneInfo = clock.LOCAL


def gathered(actor: Actor, whole: Whole, words: Words, now: datetime) -> dict[str, Any]:
    """Everything on the file as this person may see it: the reporter is masked as on the screen."""
    shown = present.detail(actor, whole)
    case = whole.dossier.case
    photos = list(_photos(whole.photos, words))
    printed = [item for item in photos if item["printed"]]
    states = queries.table(case.lifecycle_id).states
    return {
        "w": words,
        "language": words.language,
        "number": case.number,
        "district": words.label(_named(case.place.get("district"))),
        "state": words.label(shown["state_label"]),
        "qr": _qr(case),
        "facts": _facts(case, words),
        "reporter": _reporter(shown["reporter"], words),
        "description": case.description,
        "marks": list(_marks(shown, case, words)),
        "condition": _condition(shown["condition"], words),
        "maps": _maps(case, words),
        "tasks": [_task(item, words) for item in shown["tasks"]],
        "requests": [_request(item, words) for item in shown["requests"]],
        "timeline": [_step(item, words, states) for item in shown["timeline"]],
        "photos": photos,
        "photo_rows": [printed[n : n + 2] for n in range(0, len(printed), 2)],
        "left_out": words.say("left_out", left) if (left := len(photos) - len(printed)) else "",
        "reporter_masked": bool(shown["reporter"] and shown["reporter"]["masked"]),
        "printed_by": words.say("printed_by", actor.name, actor.post or actor.username),
        "printed_at": moment(now),
    }


def moment(at: datetime | None) -> str:
    """A time as the offices write it, in the district's zone; empty for none."""
    return at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def _named(part: dict[str, str] | None) -> dict[str, str] | None:
    return {"zh": part["name"], "en": part.get("name_en") or part["name"]} if part else None


def _qr(case: Case) -> str:
    """The address of the case where the platform has one, else its number."""
    told = f"{settings.PUBLIC_ORIGIN}/cases/{case.pk}" if settings.PUBLIC_ORIGIN else case.number
    return str(segno.make_qr(told, error="m").svg_inline(scale=1, border=0, omitsize=True))


def _facts(case: Case, words: Words) -> Pairs:
    place = case.place
    names = [words.label(_named(place.get(level))) for level in ("street", "community")]
    kind = words["component"] if case.category.kind == "component" else words["event"]
    major = case.category.major_name_en if words.language == "en" else case.category.major_name_zh
    minor = case.category.name_en if words.language == "en" else case.category.name_zh
    return [
        (words["category"], " · ".join(filter(None, (kind, major, minor)))),
        (words["source"], _source(case.source, words)),
        (words["occurred_at"], moment(case.occurred_at)),
        (words["reported_at"], moment(case.reported_at)),
        (words["registered_at"], moment(case.registered_at) or "—"),
        (words["ended_at"], moment(case.ended_at) or "—"),
        (words["place"], " ".join(filter(None, names))),
        (words["unit_grid"], str(place.get("unit_grid") or case.area_code)),
        (words["address"], case.address),
        (words["position"], f"{case.location.x:.6f}, {case.location.y:.6f}"),
        (words["duty"], _duty(place, words) or "—"),
        (words["area_class"], words.say("of_class", place["area_class"]) if place.get("area_class") else "—"),
    ]


def _reporter(reporter: dict[str, Any] | None, words: Words) -> str:
    if reporter is None:
        return ""
    told = " ".join(filter(None, (reporter["name"], reporter["phone"])))
    return told + (words["masked"] if reporter["masked"] else "")


def _source(code: str, words: Words) -> str:
    found = next((item for item in codes.table("case_sources").items if item.code == code), None)
    return words.label({"zh": found.name.zh, "en": found.name.en}) if found else code


def _duty(place: dict[str, Any], words: Words) -> str:
    grid, person = place.get("duty_grid"), place.get("duty_person")
    told = [words.label(_named(grid)), f"{person['name']}（{person['post']}）" if person else ""]
    return " · ".join(filter(None, told))


def _marks(shown: dict[str, Any], case: Case, words: Words) -> Iterator[str]:
    counted = (("rework", case.rework_count), ("urged", case.urged_count), ("reopened", case.round))
    yield from (words.say(name, number) for name, number in counted if number)
    if case.satisfaction:
        yield words.say("satisfaction", case.satisfaction)
    if case.exempt:
        yield words["exempt"]
    if case.suspended_until:
        yield words.say("suspended_until", moment(case.suspended_until))
    if shown["main_case"]:
        yield words.say("main_case", shown["main_case"]["number"])
    if shown["bound"]:
        yield words.say("bound", "、".join(item["number"] for item in shown["bound"]))


def _condition(snapshot: dict[str, Any] | None, words: Words) -> Pairs:
    if not snapshot:
        return []
    limit = words.limit(snapshot["limit"])
    if snapshot.get("area_class"):
        limit += f"（{words.say('of_class', snapshot['area_class'])}）"
    pairs = [
        (words["condition_text"], words.label(snapshot["text"])),
        (words["limit"], limit),
        (words["handling"], words.label(snapshot.get("handling"))),
        (words["closing"], words.label(snapshot["closing"])),
        (words["basis"], snapshot.get("source", "")),
        (words["version"], str(snapshot.get("version", ""))),
    ]
    return [(name, value) for name, value in pairs if value]


def _maps(case: Case, words: Words) -> list[str]:
    lon, lat = case.location.x, case.location.y
    shapes = geo.sketch(lon, lat, case.area_code)
    if not shapes.streets:
        return []
    return [sketch.district_svg(shapes, lon, lat, words), sketch.near_svg(shapes, lon, lat, words)]


def _task(item: dict[str, Any], words: Words) -> dict[str, Any]:
    running, end = item["clock"], item["ended_at"]
    part = words["main"] if item["is_main"] else words["assisting"]
    late = running is not None and running["light"] == "red"
    return {
        "kind": words.label(item["kind_label"]) + (f" · {part}" if item["kind"] == "handle" else ""),
        "who": " / ".join(filter(None, (item["unit"]["name"] if item["unit"] else "", item["assignee"])))
        or "—",
        "opened": moment(item["opened_at"]),
        "taken": moment(item["started_at"]) or "—",
        "done": moment(end) or "—",
        "due": moment(running["due_at"]) if running else "—",
        "state": words.label(item["state_label"]),
        "time": "" if running is None else (words["overdue"] if late else words["in_time"] if end else ""),
        "late": late,
        "instruction": words.say("instruction", item["instruction"]) if item["instruction"] else "",
        "result": item["result"],
    }


def _request(item: dict[str, Any], words: Words) -> dict[str, Any]:
    return {
        "kind": words.label(item["kind_label"]),
        "unit": item["unit"]["name"] if item["unit"] else "",
        "state": words[item["state"]],
        "asked": words.say("asked", item["asked_by"], moment(item["asked_at"]), item["reason"]),
        "until": words.say("until", item["until"]) if item["until"] else "",
        "evidence": words.say("evidence_of", len(item["evidence"])) if item["evidence"] else "",
        "decisions": [
            {
                "label": words.label(made["label"]),
                "decision": words["approved"] if made["approved"] else words["refused"],
                "approved": made["approved"],
                "by": made["by"],
                "at": moment(made["at"]),
                "note": made["note"],
            }
            for made in item["decisions"]
        ],
    }


def _step(item: dict[str, Any], words: Words, states: Mapping[str, State]) -> dict[str, Any]:
    state = states.get(item["to_state"])
    who = [item["unit"], item["post"]]
    return {
        "seq": item["seq"],
        "at": moment(item["at"]),
        "label": words.label(item["label"]),
        "state": words.label(state.label) if state else item["to_state"],
        "actor": item["actor"]
        + (f"（{words.say('on_behalf', item['on_behalf_of'])}）" if item["on_behalf_of"] else ""),
        "who": " · ".join(filter(None, who)),
        "note": item["note"],
    }


def _photos(items: Iterable[CasePhoto], words: Words) -> Iterator[dict[str, Any]]:
    """All of them; those beyond the number and the time that paper is given are listed without their picture."""
    began = time.monotonic()
    for place, item in enumerate(items):
        printed = place < MOST_PICTURES and time.monotonic() - began < PICTURES_S
        yield _photo(item, words, printed=printed)


def _photo(item: CasePhoto, words: Words, *, printed: bool) -> dict[str, Any]:
    content = files.picture(item.file, PHOTO_PX) if printed else None
    return {
        "printed": printed,
        "slot": words.slot(item.slot),
        "seq": words.say("step_no", item.seq),
        "name": item.file.name,
        "size": f"{item.file.size_bytes / 1024:,.0f} KB",
        "taken_at": moment(item.file.taken_at) or "—",
        "added_at": moment(item.added_at),
        "sha256": item.file.sha256,
        "data": f"data:image/jpeg;base64,{base64.b64encode(content).decode()}" if content else "",
    }
