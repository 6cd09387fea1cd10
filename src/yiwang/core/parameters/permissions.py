"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("parameters.edit_value", {"zh": "设置运行参数", "en": "Set parameters"}, personal=True),
)
