"""What this room can allow. Neither goes to a substitute."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("audit.view_entry", {"zh": "查看操作日志", "en": "Read the operation log"}, personal=True),
    Permission("audit.check_chain", {"zh": "核对审计链", "en": "Verify the audit chain"}, personal=True),
)
