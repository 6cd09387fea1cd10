"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("patrol.view_work", {"zh": "查看巡查检查", "en": "View patrols and inspections"}),
    Permission("patrol.walk_task", {"zh": "执行巡查检查任务", "en": "Carry out patrols and inspections"}),
    Permission("patrol.edit_plan", {"zh": "安排巡查计划和任务", "en": "Plan patrols and their tasks"}),
    Permission("patrol.lead_inspection", {"zh": "组织专项检查", "en": "Lead special inspections"}),
    Permission("patrol.call_people", {"zh": "就近呼叫人员", "en": "Call people nearby"}),
)
