"""Running limits with reminder marks: the one mechanism by which a room is told that time is short, up, or over."""
