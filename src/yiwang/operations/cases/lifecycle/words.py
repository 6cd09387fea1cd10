"""The words by which an editor of the lifecycle chooses: guards, conditions, effects, fields, slots, task states.

Each name is a Python function or a column; here stands what it is called. A test compares both lists.
"""

from collections.abc import Mapping
from typing import Any

Words = Mapping[str, tuple[str, str]]

GUARD_WORDS: Words = {
    "has_photo": ("要有现场照片", "Needs a photo of what was found"),
    "has_before_and_after": ("要有处置前和处置后的照片", "Needs photos before and after"),
    "condition_of_category": ("立案条件须属于本类别", "The filing condition is one of the class"),
    "checker_did_not_handle": ("处置人不得核查", "Who handled does not check"),
    "no_open_sign": ("会签须已全部答复", "All countersigns are answered"),
    "units_differ": ("同一单位不得有两个在办任务", "No unit has two open tasks"),
    "nobody_has_taken": ("尚无单位接单", "No unit has taken it yet"),
    "asker_is_main": ("只限主办单位", "Only the main unit"),
    "has_handling": ("已有单位处置过", "Some unit has handled it"),
    "no_handling": ("没有单位处置过", "No unit has handled it"),
    "was_registered": ("已立案", "It was registered"),
    "ran_over": ("处置已超时", "Handling ran over its limit"),
    "main_can_take": ("主案须在办且未并入他案", "The main case is open and not bound"),
    "to_a_choice": ("须选择退回到哪一步", "The state to go back to is chosen"),
}

CONDITION_WORDS: Words = {
    "all_handled": ("全部单位都已办完", "Every unit has done its part"),
    "some_taken": ("已有单位在办", "Some unit is at work"),
    "main_returned": ("主办单位已退回", "The main unit has returned it"),
    "granted": ("申请已通过最后一级", "The request has its last approval"),
    "all_signed": ("会签已全部答复", "All countersigns are answered"),
}

EFFECT_WORDS: Words = {
    "fix_condition": ("固定立案条件、时限和结案条件", "Fixes condition, limit and closing test"),
    "open_handling": ("给主办单位下达任务", "Opens the main unit's task"),
    "open_assisting": ("给协办单位下达任务", "Opens tasks of assisting units"),
    "hand_over": ("任务转给另一单位，时限接着算", "Hands the task over with its clock"),
    "open_signs": ("请单位会签", "Asks units to countersign"),
    "cancel_signs": ("取消未答复的会签", "Cancels open countersigns"),
    "keep_result": ("把意见记到任务上", "Keeps the note with the task"),
    "note_handler": ("记下处置人", "Remembers who handled"),
    "open_verify": ("下达核实任务", "Opens a verification task"),
    "note_verified": ("记下核实结果", "Keeps what was verified"),
    "open_check": ("全部办完后下达核查任务", "Opens a check once all is handled"),
    "open_check_again": ("再下达一次核查任务", "Opens another check"),
    "name_checker": ("指定核查人", "Names who checks"),
    "cancel_asker": ("取消申请单位的任务", "Cancels the asking unit's task"),
    "cancel_tasks": ("取消全部未完任务", "Cancels all open tasks"),
    "lapse_requests": ("未决的申请自动失效", "Lets pending requests lapse"),
    "extend_clock": ("时限延长一倍原时限", "Adds the original limit once more"),
    "hold": ("时限暂停到约定日期", "Stops the clocks until the agreed day"),
    "release": ("时限恢复计时", "Lets the clocks go on"),
    "rework": ("退给原单位返工，时限接着算", "Back to the same unit, its clock goes on"),
    "end": ("案件结束，时限全部停止", "Ends the case and all clocks"),
    "reopen": ("重开为新一轮", "Opens a new round"),
    "exempt": ("记为免责", "Marks the case exempt"),
    "bind": ("并到主案", "Binds to the main case"),
    "unbind": ("解除并案", "Unbinds from the main case"),
    "answer_reporters": ("答复全部报案人", "Answers every reporter"),
    "note_visit": ("记下满意度", "Keeps the satisfaction"),
    "open_supervision": ("下达督办任务", "Opens a supervision task"),
    "count_urge": ("记一次催办", "Counts an urge"),
}

# Name -> words, and how it is put in.
FIELD_WORDS: Mapping[str, tuple[str, str, str]] = {
    "note": ("意见", "Note", "text"),
    "photos": ("照片或附件", "Photos", "photos"),
    "condition_id": ("立案条件", "Filing condition", "condition"),
    "unit_id": ("处置单位", "Handling unit", "unit"),
    "assist_ids": ("协办单位", "Assisting units", "units"),
    "main_case_id": ("主案", "Main case", "case"),
    "user_id": ("人员", "Person", "person"),
    "until": ("日期", "Day", "date"),
    "to_state": ("退回到哪一步", "State to go back to", "choice"),
    "score": ("满意度", "Satisfaction", "score"),
    "kind": ("类别", "Kind", "choice"),
}
FIELDS = frozenset(FIELD_WORDS)

SLOT_WORDS: Words = {
    "near": ("近景", "Near"),
    "far": ("远景", "Far"),
    "reference": ("参照物", "Reference"),
    "before": ("处置前", "Before"),
    "after": ("处置后", "After"),
    "check": ("核查", "Check"),
    "evidence": ("证明材料", "Evidence"),
}
SLOTS = frozenset(SLOT_WORDS)

TASK_STATE_WORDS: Words = {
    "waiting": ("待接单", "Waiting"),
    "running": ("进行中", "Running"),
    "done": ("已完成", "Done"),
    "failed": ("未通过", "Failed"),
    "unable": ("无法办理", "Unable"),
    "cancelled": ("已取消", "Cancelled"),
}
TASK_STATES = frozenset(TASK_STATE_WORDS)

TASK_KIND_WORDS: Words = {
    "handle": ("处置", "Handling"),
    "check": ("核查", "Check"),
    "verify": ("核实", "Verification"),
    "sign": ("会签", "Countersign"),
    "supervise": ("督办", "Supervision"),
}

REACH_WORDS: Words = {
    "anywhere": ("全区", "Anywhere"),
    "area": ("案件所在区域", "The case's area"),
    "unit": ("任务所属单位", "The task's unit"),
}

STYLE_WORDS: Words = {
    "primary": ("主要动作", "Main step"),
    "default": ("普通动作", "Ordinary step"),
    "danger": ("慎重动作", "Step with care"),
    "beside": ("旁注动作，不受审批影响", "Beside the way"),
}

GROUP_WORDS: Words = {
    "open": ("在办", "Open"),
    "closed": ("已结", "Closed"),
    "refused": ("未立案", "Refused"),
    "merged": ("已并案", "Merged"),
}

LIMIT_KIND_WORDS: Words = {
    "urgent_hour": ("紧急工作时", "urgent hour"),
    "working_hour": ("工作时", "working hour"),
    "working_day": ("工作日", "working day"),
    "natural_day": ("自然日", "natural day"),
}

# Steps that make sense in a node of one's own, offered by name with what they need.
NODE_EFFECTS = ("keep_result", "answer_reporters", "open_check", "open_check_again", "rework", "cancel_signs")


def shape_fault(kind: str, context: Mapping[str, Any], message: str) -> tuple[str, str]:
    """A fault of form in both languages: what pydantic calls `kind`, with its figures."""
    found = _FAULTS.get(kind)
    zh = found.format(**context) if found else "填写不正确。"
    return zh, f"{message}."


_FAULTS = {
    "missing": "缺少这一项。",
    "extra_forbidden": "没有这一项，请检查拼写。",
    "string_too_short": "不能为空。",
    "string_too_long": "最多 {max_length} 个字符。",
    "string_pattern_mismatch": "格式不对：只用小写字母、数字和下划线，以字母开头。",
    "string_type": "应为文字。",
    "int_type": "应为整数。",
    "int_parsing": "应为整数。",
    "bool_type": "应为是或否。",
    "decimal_parsing": "应为数字。",
    "decimal_max_places": "最多 {decimal_places} 位小数。",
    "greater_than": "应大于 {gt}。",
    "greater_than_equal": "应不小于 {ge}。",
    "less_than_equal": "应不大于 {le}。",
    "too_short": "至少 {min_length} 项。",
    "too_long": "最多 {max_length} 项。",
    "enum": "只能是 {expected}。",
    "literal_error": "只能是 {expected}。",
    "list_type": "应为列表。",
    "dict_type": "应为对象。",
    "model_type": "应为对象。",
}
