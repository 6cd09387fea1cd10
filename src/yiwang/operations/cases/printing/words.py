"""The fixed words of the printed file, in Chinese and English; everything else on it is the case's own."""

from collections.abc import Mapping

from yiwang.operations.cases.lifecycle.words import LIMIT_KIND_WORDS, SLOT_WORDS

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("城市管理案卷", "Case file"),
    "platform": ("城市运行管理服务平台", "Urban operation and management service platform"),
    "number": ("案件号", "Case number"),
    "state": ("办理状态", "State"),
    "facts": ("案件基本情况", "Facts"),
    "category": ("案件类别", "Class"),
    "component": ("部件", "Component"),
    "event": ("事件", "Event"),
    "source": ("案件来源", "Source"),
    "occurred_at": ("发生时间", "Occurred"),
    "reported_at": ("上报时间", "Reported"),
    "registered_at": ("立案时间", "Registered"),
    "ended_at": ("结束时间", "Ended"),
    "place": ("所在区域", "Area"),
    "unit_grid": ("单元网格", "Unit grid"),
    "duty": ("责任网格与责任人", "Duty grid and person"),
    "address": ("地址描述", "Address"),
    "position": ("经纬度（CGCS2000）", "Longitude, latitude (CGCS2000)"),
    "area_class": ("区域管理等级", "Management class"),
    "of_class": ("{} 类区域", "Class {} area"),
    "reporter": ("报案人", "Reporter"),
    "masked": ("（已隐去）", " (masked)"),
    "description": ("问题描述", "Description"),
    "marks": ("案件标记", "Marks"),
    "rework": ("返工 {} 次", "Reworked {} times"),
    "urged": ("催办 {} 次", "Urged {} times"),
    "reopened": ("重开 {} 次", "Reopened {} times"),
    "exempt": ("超时免责", "Exempt from overdue"),
    "satisfaction": ("满意度 {} 分", "Satisfaction {}"),
    "main_case": ("已并入主案 {}", "Bound to main case {}"),
    "bound": ("并案：{}", "Bound cases: {}"),
    "suspended_until": ("挂账至 {}", "Suspended until {}"),
    "condition": ("立案条件与时限", "Condition and limit"),
    "condition_text": ("立案条件", "Filing condition"),
    "handling": ("处置要求", "Handling"),
    "limit": ("处置时限", "Limit"),
    "closing": ("结案条件", "Closing test"),
    "basis": ("依据", "Basis"),
    "version": ("条件版本", "Version of the condition"),
    "not_registered": ("尚未立案。", "Not registered yet."),
    "map": ("位置示意图", "Sketch of the place"),
    "map_note": ("示意图由平台网格数据绘制，不作测绘依据。", "Drawn from the platform's grids; no survey."),
    "district_map": ("在全区的位置", "In the district"),
    "near_map": ("周边网格", "Grids around"),
    "tasks": ("办理任务", "Tasks"),
    "task": ("任务", "Task"),
    "main": ("主办", "Main"),
    "assisting": ("协办", "Assisting"),
    "who": ("承办单位 / 人", "Unit / person"),
    "opened": ("下达", "Opened"),
    "taken": ("接办", "Taken"),
    "done": ("办毕", "Done"),
    "due": ("时限截止", "Due"),
    "result": ("结果", "Result"),
    "in_time": ("按时", "In time"),
    "overdue": ("超时", "Overdue"),
    "instruction": ("要求：{}", "Asked for: {}"),
    "requests": ("申请与审批", "Requests and approvals"),
    "asked": ("{} 于 {} 申请：{}", "{} asked at {}: {}"),
    "until": ("申请期限至 {}", "Until {}"),
    "evidence_of": ("证明材料 {} 件", "{} pieces of evidence"),
    "approved": ("同意", "Approved"),
    "refused": ("不同意", "Refused"),
    "pending": ("待审批", "Pending"),
    "lapsed": ("自动失效", "Lapsed"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "timeline": ("办理过程", "History"),
    "seq": ("序", "No."),
    "time": ("时间", "Time"),
    "step": ("动作", "Step"),
    "to_state": ("环节", "State"),
    "actor": ("经办人", "By"),
    "note": ("意见", "Note"),
    "on_behalf": ("代 {}", "for {}"),
    "photos": ("现场照片", "Photos"),
    "step_no": ("第 {} 步", "Step {}"),
    "unreadable": ("照片内容无法读取", "The picture cannot be read"),
    "left_out": (
        "另有 {} 张照片未印出，见证据清单，可在平台上查看。",
        "{} more photos are not printed; they stand in the list of evidence and can be seen on the platform.",
    ),
    "evidence": ("证据清单", "List of evidence"),
    "file": ("文件名", "File"),
    "slot": ("类别", "Kind"),
    "size": ("大小", "Size"),
    "taken_at": ("拍摄时间", "Taken"),
    "sha256": ("SHA-256 指纹", "SHA-256 fingerprint"),
    "evidence_note": (
        "指纹由原始文件内容算得：内容有一处不同，指纹即不同。可凭此核对本案卷所附照片与平台存档一致。",
        "Computed from the original's content: any change gives another fingerprint. It tells that what is"
        " printed here is what the platform keeps.",
    ),
    "printed_by": ("打印：{}（{}）", "Printed by {} ({})"),
    "page": ("第 {} 页 共 {} 页", "Page {} of {}"),
    "none": ("无", "None"),
    "sealed": ("本页以下无正文", "End of the file"),
}


class Words:
    """The words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.index = 1 if language == "en" else 0

    def __getitem__(self, key: str) -> str:
        return WORDS[key][self.index]

    def say(self, key: str, *values: object) -> str:
        """A sentence with its values."""
        return self[key].format(*values)

    def label(self, label: Mapping[str, str] | None) -> str:
        """A declared name; empty for none."""
        return str(label.get(self.language) or label.get("zh", "")) if label else ""

    def slot(self, slot: str) -> str:
        """A photo slot."""
        return SLOT_WORDS[slot][self.index] if slot in SLOT_WORDS else slot

    def limit(self, limit: Mapping[str, str]) -> str:
        """ "4 工作时"."""
        kind = LIMIT_KIND_WORDS.get(limit["kind"])
        return f"{limit['amount']} {kind[self.index] if kind else limit['kind']}"
