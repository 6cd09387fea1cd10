"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("cases.view_case", {"zh": "查看案件", "en": "View cases"}),
    Permission("cases.view_reporter", {"zh": "查看报案人联系方式", "en": "See a reporter's name and phone"}),
    Permission("cases.report_case", {"zh": "上报案件", "en": "Report cases"}),
    Permission("cases.take_call", {"zh": "登记来电来信", "en": "Take reports of the public"}),
    Permission("cases.accept_case", {"zh": "受理案件", "en": "Accept or refuse reports"}),
    Permission("cases.register_case", {"zh": "立案", "en": "Register cases"}),
    Permission("cases.dispatch_case", {"zh": "派遣案件", "en": "Dispatch cases"}),
    Permission("cases.decide_return", {"zh": "审批回退", "en": "Decide on returns"}),
    Permission("cases.handle_case", {"zh": "处置案件", "en": "Handle cases"}),
    Permission("cases.check_case", {"zh": "核查案件", "en": "Check handled cases"}),
    Permission("cases.close_case", {"zh": "结案", "en": "Close cases"}),
    Permission(
        "cases.edit_categories", {"zh": "维护案件类别、条件和时限", "en": "Edit categories, conditions, limits"}
    ),
    Permission("cases.edit_lifecycle", {"zh": "维护案件办理流程", "en": "Edit the lifecycle of cases"}),
)
