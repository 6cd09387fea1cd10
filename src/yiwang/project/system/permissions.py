"""What can be allowed about the running platform itself: for the whole district, and neither goes to a substitute."""

from yiwang.core.actor import Permission
from yiwang.core.http.routes import Everywhere

VIEW, RUN = Everywhere("system.view_state"), Everywhere("system.run_work")

PERMISSIONS = (
    Permission(VIEW, {"zh": "查看系统运行情况", "en": "See how the platform runs"}, personal=True),
    Permission(
        RUN,
        {"zh": "备份、重试和处理系统任务", "en": "Make backups; retry and settle the platform's work"},
        personal=True,
    ),
)
