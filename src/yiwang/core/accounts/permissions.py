"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("accounts.view_unit", {"zh": "查看组织机构", "en": "View units"}),
    Permission(
        "accounts.manage_user", {"zh": "管理人员与任职", "en": "Manage people and assignments"}, personal=True
    ),
    Permission("accounts.edit_role", {"zh": "修改角色权限", "en": "Edit what roles may do"}, personal=True),
    Permission(
        "accounts.manage_absences",
        {"zh": "登记缺勤与代理", "en": "Enter absences and substitutes"},
        personal=True,
    ),
    Permission(
        "accounts.reorganise_units",
        {"zh": "调整组织机构", "en": "Move, merge, rename and close units"},
        personal=True,
    ),
    Permission(
        "accounts.erase_person",
        {"zh": "抹除离职人员信息", "en": "Erase a former person's values"},
        personal=True,
    ),
)
