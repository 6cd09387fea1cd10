"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (Permission("files.upload_file", {"zh": "上传文件", "en": "Upload files"}),)
