"""What this room can allow."""

from yiwang.core.actor import Permission

PERMISSIONS = (
    Permission("calendars.edit_calendar", {"zh": "维护工作日历", "en": "Maintain working calendars"}),
)
