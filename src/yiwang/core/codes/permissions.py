"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("codes.edit_code", {"zh": "修改代码表", "en": "Edit code tables"}),)
