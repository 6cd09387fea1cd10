"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission(
        "duplicates.edit_policy",
        {"zh": "维护重复判定规则", "en": "Maintain when reports are proposed as repeats"},
    ),
)
