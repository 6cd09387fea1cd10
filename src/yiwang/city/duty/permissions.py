"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("duty.view_roster", {"zh": "查看排班", "en": "View rosters"}),
    Permission(
        "duty.edit_roster",
        {"zh": "排班、审批调班、维护技能", "en": "Make rosters, approve swaps, keep skills"},
    ),
    Permission("duty.review_attendance", {"zh": "查看和核定考勤", "en": "View and settle attendance"}),
    Permission("duty.clock_in", {"zh": "上下班打卡", "en": "Clock in and out"}),
)
