"""The notices that this room gives."""

from yiwang.core.notify.declare import Kind, declare

declare(
    Kind(
        "comment.mentioned",
        {"zh": "讨论中提到我", "en": "I am mentioned"},
        {"zh": "{by} 在讨论中提到您：{text}", "en": "{by} mentioned you: {text}"},
    ),
)
