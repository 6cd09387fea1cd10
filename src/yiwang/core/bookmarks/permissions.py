"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("bookmarks.share_view", {"zh": "共享列表视图", "en": "Share views of lists"}),)
