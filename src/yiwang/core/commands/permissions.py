"""What this room can allow. Every person sends commands and clears their own conflict box."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("commands.view_conflicts", {"zh": "查看本单位冲突箱", "en": "See conflict boxes of the unit"}),
)
