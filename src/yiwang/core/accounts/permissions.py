"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("accounts.view_unit", {"zh": "查看组织机构", "en": "View units"}),
    Permission("accounts.manage_user", {"zh": "管理人员与任职", "en": "Manage people and assignments"}),
)
