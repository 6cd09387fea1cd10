"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission(
        "comments.view_former", {"zh": "查看评论原文", "en": "See what a comment said before it was changed"}
    ),
)
