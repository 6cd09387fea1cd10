"""The guards and the conditions that the lifecycle table names: pure, and each worth a test of its own."""

from collections.abc import Callable

from yiwang.core.actor import Actor
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases.rules.facts import HANDLE, SIGN, Facts, Given, reaches_task

FOUND_SLOTS = frozenset({"near", "far", "reference", "before"})


def all_handled(facts: Facts) -> bool:
    """Every unit of this round has done its part, and somebody had one."""
    handled = facts.of_kind(HANDLE)
    return any(t.state == "done" for t in handled) and not any(t.is_open for t in handled)


def some_taken(facts: Facts) -> bool:
    """A unit of this round is at work already."""
    return any(task.state == "running" for task in facts.of_kind(HANDLE))


def main_returned(facts: Facts) -> bool:
    """No main unit is left: the case wants to be dispatched again."""
    return not any(task.is_main and task.state != "cancelled" for task in facts.of_kind(HANDLE))


def granted(facts: Facts) -> bool:
    """The request has its last approval."""
    return facts.granted


def all_signed(facts: Facts) -> bool:
    """Nobody who was asked to sign has still to answer."""
    return not any(task.is_open for task in facts.of_kind(SIGN))


CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    condition.__name__: condition
    for condition in (all_handled, some_taken, main_returned, granted, all_signed)
}


def has_photo(facts: Facts, actor: Actor, given: Given) -> None:
    """A grid officer's report shows what was found (GB/T 30428.7: collection with pictures)."""
    if not given.photos:
        raise Invalid("required", "巡查上报至少要有一张现场照片。", field="photos")


def has_before_and_after(facts: Facts, actor: Actor, given: Given) -> None:
    """Who mends a small matter on the spot shows it before and after."""
    slots = {photo.slot for photo in given.photos}
    if "after" not in slots or not slots & FOUND_SLOTS:
        raise Invalid("required", "自行处置要有处置前和处置后的照片。", field="photos")


def condition_of_category(facts: Facts, actor: Actor, given: Given) -> None:
    """The filing condition is one of the case's own category."""
    if given.condition_id not in facts.category_conditions:
        raise Invalid("unknown_condition", "立案条件不属于这个案件类别。", field="condition_id")


def checker_did_not_handle(facts: Facts, actor: Actor, given: Given) -> None:
    """Those who check never handle: supervision and handling are apart (GB/T 30428.8, roles)."""
    if actor.user_id in facts.handlers:
        raise Refused("checker_handled", "处置人不能核查自己处置的案件。")


def no_open_sign(facts: Facts, actor: Actor, given: Given) -> None:
    """Who was asked to sign answers first."""
    if not all_signed(facts):
        raise Refused("signs_open", "还有单位没有会签，请等答复或退回。")


def units_differ(facts: Facts, actor: Actor, given: Given) -> None:
    """No unit gets two open tasks of one case."""
    wanted = [*([given.unit_id] if given.unit_id else []), *given.assist_ids]
    busy = {task.unit_id for task in facts.of_kind(HANDLE) if task.is_open}
    if len(set(wanted)) < len(wanted) or busy & set(wanted):
        name = "assist_ids" if given.assist_ids else "unit_id"
        raise Invalid("unit_twice", "同一个单位不能有两个在办任务。", field=name)


def nobody_has_taken(facts: Facts, actor: Actor, given: Given) -> None:
    """A dispatch can be withdrawn until a unit is at work."""
    if some_taken(facts):
        raise Refused("already_taken", "已有单位接单，不能撤回派遣。")


def asker_is_main(facts: Facts, actor: Actor, given: Given) -> None:
    """Only the main unit asks for the whole case to stand still."""
    main = [task for task in facts.of_kind(HANDLE) if task.is_main and task.is_open]
    if not main or not (actor.is_system or any(reaches_task(s, main[0]) for s in actor.assignments)):
        raise Refused("main_unit_only", "只有主办单位可以申请挂账。")


def has_handling(facts: Facts, actor: Actor, given: Given) -> None:
    """There is a unit that can do it again."""
    if not any(task.state == "done" for task in facts.of_kind(HANDLE)):
        raise Refused("nobody_handled", "没有处置单位可以返工，请退回立案。")


def no_handling(facts: Facts, actor: Actor, given: Given) -> None:
    """No unit has handled it: it was mended on the spot."""
    if facts.of_kind(HANDLE):
        raise Refused("was_handled", "已有单位处置，请用返工。")


def was_registered(facts: Facts, actor: Actor, given: Given) -> None:
    """Only what has a filing condition can be dispatched again."""
    if not facts.registered:
        raise Refused("not_registered", "案件没有立案条件，不能重开；请另行上报。")


def ran_over(facts: Facts, actor: Actor, given: Given) -> None:
    """There is something to appeal against."""
    if not facts.ran_over:
        raise Refused("not_overdue", "处置没有超时，不需要申诉。")


def main_can_take(facts: Facts, actor: Actor, given: Given) -> None:
    """The main case is another one, open, and not bound itself."""
    main = facts.main_case
    if main is None or main.id == facts.case_id:
        raise Invalid("unknown_case", "请选择另一个案件作为主案。", field="main_case_id")
    if not main.is_open or main.is_bound:
        raise Invalid("main_not_open", "主案须是在办的案件，且没有并到别的案件。", field="main_case_id")


def to_a_choice(facts: Facts, actor: Actor, given: Given) -> None:
    """The state that is gone back to was passed: nothing is skipped (the options are the row's)."""
    if not given.to_state:
        raise Invalid("required", "请选择退回到哪一步。", field="to_state")


Guard = Callable[[Facts, Actor, Given], None]
GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        has_photo,
        has_before_and_after,
        condition_of_category,
        checker_did_not_handle,
        no_open_sign,
        units_differ,
        nobody_has_taken,
        asker_is_main,
        has_handling,
        no_handling,
        was_registered,
        ran_over,
        main_can_take,
        to_a_choice,
    )
}
# Guards whose answer does not depend on what is given: the buttons foresee them.
FORESEEABLE = frozenset(
    {
        "checker_did_not_handle",
        "nobody_has_taken",
        "asker_is_main",
        "has_handling",
        "no_handling",
        "was_registered",
        "ran_over",
        "no_open_sign",
    }
)
