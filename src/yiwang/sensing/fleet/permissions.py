"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("fleet.send_position", {"zh": "上传本人位置（在岗时）", "en": "Send one's position on duty"}),
    Permission("fleet.view_position", {"zh": "查看在岗人员位置", "en": "See where people on duty are"}),
    Permission("fleet.view_trail", {"zh": "查看人员轨迹", "en": "View people's trails"}),
)
