"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission(
        "cases.erase_reporter", {"zh": "抹除报案人信息", "en": "Erase a reporter's values"}, personal=True
    ),
    Permission("cases.view_case", {"zh": "查看案件", "en": "View cases"}),
    Permission("cases.view_reporter", {"zh": "查看报案人联系方式", "en": "See a reporter's name and phone"}),
    Permission("cases.report_case", {"zh": "上报案件", "en": "Report cases"}),
    Permission("cases.take_call", {"zh": "登记来电来信", "en": "Take reports of the public"}),
    Permission("cases.accept_case", {"zh": "受理案件", "en": "Accept or refuse reports"}),
    Permission("cases.register_case", {"zh": "立案", "en": "Register cases"}),
    Permission("cases.dispatch_case", {"zh": "派遣案件", "en": "Dispatch cases"}),
    Permission("cases.merge_case", {"zh": "并案与解除并案", "en": "Merge and unmerge cases"}),
    Permission("cases.decide_request", {"zh": "审批申请（一级）", "en": "Decide on requests, first level"}),
    Permission("cases.confirm_request", {"zh": "复核回退", "en": "Confirm returns"}),
    Permission(
        "cases.approve_request",
        {"zh": "审批延期、挂账和作废", "en": "Approve extensions, suspensions, voiding"},
    ),
    Permission("cases.confirm_appeal", {"zh": "复核申诉", "en": "Confirm appeals"}),
    Permission("cases.handle_case", {"zh": "处置案件", "en": "Handle cases"}),
    Permission("cases.self_handle", {"zh": "自行处置小问题", "en": "Handle small matters on the spot"}),
    Permission("cases.verify_case", {"zh": "核实案件", "en": "Verify reports on site"}),
    Permission("cases.check_case", {"zh": "核查案件", "en": "Check handled cases"}),
    Permission("cases.close_case", {"zh": "结案", "en": "Close cases"}),
    Permission("cases.reopen_case", {"zh": "重开案件", "en": "Reopen cases"}),
    Permission("cases.visit_case", {"zh": "回访", "en": "Visit after closing"}),
    Permission("cases.force_close", {"zh": "强制结案", "en": "Close cases by force"}),
    Permission("cases.supervise_case", {"zh": "督办案件", "en": "Supervise cases"}),
    Permission("cases.urge_case", {"zh": "催办案件", "en": "Urge the handling of cases"}),
    Permission(
        "cases.edit_categories",
        {"zh": "维护案件类别、条件和时限", "en": "Edit categories, conditions, limits"},
    ),
    Permission("cases.edit_lifecycle", {"zh": "维护案件办理流程", "en": "Edit the lifecycle of cases"}),
)
