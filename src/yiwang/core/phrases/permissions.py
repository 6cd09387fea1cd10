"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("phrases.edit_shared", {"zh": "维护共用常用语", "en": "Maintain shared phrases"}),)
