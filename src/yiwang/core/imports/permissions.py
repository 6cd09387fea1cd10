"""What this room can allow. The rows of a table may name people, so it goes to no substitute."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("imports.bring_in", {"zh": "导入数据", "en": "Bring tables in"}, personal=True),)
