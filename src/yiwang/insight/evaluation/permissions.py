"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("evaluation.view_board", {"zh": "查看考核评价看板", "en": "See the evaluation board"}),
)
